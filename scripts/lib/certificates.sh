# Throwaway certificates for trying TLS between nodes on one machine. Sourced by other scripts; needs openssl. Not for
# real machines: the authority's key lies beside the certificates, and they name loopback only.
#
#   make_authority DIR        makes DIR/ca.pem and DIR/ca.key, good for a year, unless they are there
#   make_certificate DIR NAME makes DIR/NAME.pem and DIR/NAME.key (PKCS#8) of that authority, unless they are there
#   tls_settings DIR NAME     prints the settings that name them, KEY=VALUE a line

# A new key on the NIST curve P-256.
make_key() {
  (umask 077 && openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1")
}

make_authority() {
  [ ! -f "$1/ca.pem" ] || return 0
  command -v openssl >/dev/null || {
    echo "openssl is missing: install it (apt install openssl, dnf install openssl, brew install openssl)" >&2
    return 1
  }
  mkdir -p "$1"
  cat >"$1/openssl.cnf" <<'CNF'
[req]
distinguished_name = name
prompt = no
[name]
CN = forebay throwaway authority
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[node]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = IP:127.0.0.1, IP:0:0:0:0:0:0:0:1, DNS:localhost
CNF
  make_key "$1/ca.key"
  openssl req -x509 -new -sha256 -days 365 -key "$1/ca.key" -config "$1/openssl.cnf" -extensions authority \
    -out "$1/ca.pem.new"
  mv "$1/ca.pem.new" "$1/ca.pem"
}

make_certificate() {
  [ ! -f "$1/$2.pem" ] || return 0
  make_key "$1/$2.key"
  openssl req -new -sha256 -key "$1/$2.key" -config "$1/openssl.cnf" -subj "/CN=$2" |
    openssl x509 -req -sha256 -days 365 -CA "$1/ca.pem" -CAkey "$1/ca.key" -set_serial "0x$(openssl rand -hex 8)" \
      -extfile "$1/openssl.cnf" -extensions node -out "$1/$2.pem.new" 2>/dev/null
  mv "$1/$2.pem.new" "$1/$2.pem"
}

tls_settings() {
  printf 'cluster.tls.certificate=%s\ncluster.tls.key=%s\ncluster.tls.ca=%s\n' "$1/$2.pem" "$1/$2.key" "$1/ca.pem"
}
