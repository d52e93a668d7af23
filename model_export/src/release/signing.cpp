#include "release/signing.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/output_file.h"

namespace vitrine::release {
namespace {

constexpr int kNumberBytes = 32;  // size of r and of s

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

void require(bool done, const char* what) {
  if (done) return;
  throw base::Error(base::ExitCode::kFailure,
                    fmt::format("OpenSSL cannot {}; check its installation.", what));
}

std::string base64(std::span<const unsigned char> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

void write_secret(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      base::force_to_disk(file) && base::force_folder_to_disk(path);
  const int why = errno;
  if (file >= 0) ::close(file);
  if (written) return;
  if (file >= 0) ::unlink(path.c_str());
  throw base::Error(
      base::ExitCode::kIo,
      fmt::format("The key {} cannot be written: {}. Name a file that does not exist yet.", path,
                  std::strerror(why)));
}

Key read_key(const std::string& path) {
  const Bio file(BIO_new_file(path.c_str(), "r"));
  if (!file)
    throw base::Error(base::ExitCode::kIo,
                      fmt::format("The key {} does not exist or cannot be read.", path));
  // An empty passphrase prevents a question at the terminal.
  Key key(PEM_read_bio_PrivateKey(file.get(), nullptr, nullptr, const_cast<char*>("")));
  std::array<char, 32> curve{};
  if (!key || EVP_PKEY_get_group_name(key.get(), curve.data(), curve.size(), nullptr) != 1 ||
      std::string_view(curve.data()) != "prime256v1") {
    throw base::Error(
        base::ExitCode::kDataUnusable,
        fmt::format("{} is not a private key for P-256. Make one with `vitrine keygen`.", path));
  }
  return key;
}

}  // namespace

std::string sha256(std::span<const std::byte> bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1,
          "compute SHA-256");
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string generate_key(const std::string& path) {
  const Key key(EVP_EC_gen("P-256"));
  require(key != nullptr, "make a key");
  const Bio pem(BIO_new(BIO_s_mem()));
  const Bio spki(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PKCS8PrivateKey(pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                        nullptr) == 1 &&
              i2d_PUBKEY_bio(spki.get(), key.get()) == 1,
          "write a key");
  write_secret(path, contents(pem.get()));
  const std::string bytes = contents(spki.get());
  return base64({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

std::string key_name(const std::string& key_path) {
  const Key key = read_key(key_path);
  const Bio spki(BIO_new(BIO_s_mem()));
  require(i2d_PUBKEY_bio(spki.get(), key.get()) == 1, "write a key");
  const std::string bytes = contents(spki.get());
  return sha256(std::as_bytes(std::span(bytes))).substr(0, 16);
}

std::string sign(std::string_view text, const std::string& key_path) {
  const Key key = read_key(key_path);
  const Digest digest(EVP_MD_CTX_new());
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  require(EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
              EVP_DigestSign(digest.get(), nullptr, &size, bytes, text.size()) == 1,
          "sign");
  std::vector<unsigned char> der(size);
  require(EVP_DigestSign(digest.get(), der.data(), &size, bytes, text.size()) == 1, "sign");
  const unsigned char* at = der.data();
  const Signature numbers(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  require(numbers != nullptr, "read its signature");
  std::array<unsigned char, 2 * kNumberBytes> raw{};
  require(BN_bn2binpad(ECDSA_SIG_get0_r(numbers.get()), raw.data(), kNumberBytes) == kNumberBytes &&
              BN_bn2binpad(ECDSA_SIG_get0_s(numbers.get()), raw.data() + kNumberBytes,
                           kNumberBytes) == kNumberBytes,
          "read its signature");
  return base64(raw);
}

}  // namespace vitrine::release
