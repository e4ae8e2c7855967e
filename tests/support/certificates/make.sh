#!/bin/sh
# Makes the certificates of this folder anew; they are good for a hundred years, and for tests only.
set -eu
cd "$(dirname "$0")"
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }
# <name> <extensions>: a key and a certificate that the authority has signed
issue() {
  key "$1-key.pem"
  openssl req -new -key "$1-key.pem" -subj "/CN=$1" |
    openssl x509 -req -days 36500 -CA ca.pem -CAkey ca-key.pem -extfile /dev/fd/3 -out "$1.pem" 3<<END
$2
END
}
key ca-key.pem
openssl req -x509 -new -key ca-key.pem -subj "/CN=order-saga tests" -days 36500 -out ca.pem
issue server "subjectAltName=DNS:temporal.test"
issue client "extendedKeyUsage=clientAuth"
rm -f ca-key.pem ca.srl
