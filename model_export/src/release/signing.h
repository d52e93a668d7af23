#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace vitrine::release {

/// Returns SHA-256 as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256(std::span<const std::byte> bytes);

/// Makes a key pair for ECDSA over P-256. Writes the private key to `path` as PEM (PKCS #8),
/// readable only by its owner. Returns the public key as base64 of its SubjectPublicKeyInfo, the
/// form of the npm package's option `publicKey`. Throws Error(kIo) when the file exists: a key is
/// never overwritten.
std::string generate_key(const std::string& path);

/// Returns the name of the key in the PEM file `key_path`: the first 16 hexadecimal digits of
/// SHA-256 of its SubjectPublicKeyInfo. Throws as `sign`.
[[nodiscard]] std::string key_name(const std::string& key_path);

/// Signs the UTF-8 bytes of `text` with SHA-256 and the private key in the PEM file `key_path`.
/// Returns base64 of r and s, 32 bytes each (IEEE P1363, as WebCrypto verifies). Throws Error: kIo
/// when the key cannot be read, kDataUnusable when it is no P-256 private key.
[[nodiscard]] std::string sign(std::string_view text, const std::string& key_path);

}  // namespace vitrine::release
