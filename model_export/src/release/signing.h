#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace vitrine::release {

/// SHA-256 as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256(std::span<const std::byte> bytes);

/// Makes a key pair for ECDSA over P-256 and writes the private half to `path` as PEM (PKCS #8),
/// readable by its owner alone. Returns the public half as base64 of its SubjectPublicKeyInfo, as
/// `publicKey` of the npm package takes it. Throws Error(kIo) when there is such a file already:
/// a key is never overwritten.
std::string generate_key(const std::string& path);

/// Signs the UTF-8 bytes of `text` with SHA-256 and the private key in the PEM file `key_path`.
/// Returns base64 of r and s, 32 bytes each (IEEE P1363, as WebCrypto verifies). Throws Error: kIo
/// when the key cannot be read, kDataUnusable when it is no P-256 private key.
[[nodiscard]] std::string sign(std::string_view text, const std::string& key_path);

}  // namespace vitrine::release
