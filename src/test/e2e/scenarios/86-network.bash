# The person's network: certificate authorities and proxies, in codchi itself, in the store and in machines.
# shellcheck shell=bash disable=SC2154

# peer KIND ARG...: a server of this scenario on the bridge; $port is where.
peer() {
  "$here/network-peer" "$1" "$bridge_address" "${@:2}" >"$work/port" 2>"$work/peer.log" &
  peers+=($!)
  until [[ -s $work/port ]]; do read -rt 0.05 <> <(:) || :; done
  port=$(<"$work/port")
  : >"$work/port"
}

network_begin() {
  peers=()
  trap 'codchi certs remove "$name" || true; for peer in "${peers[@]}"; do kill "$peer"; done; tidy >/dev/null 2>&1' EXIT
  bridge_address=${CODCHI_TESTBED_MIRROR#http://}
  bridge_address=${bridge_address%:*}
}

# tls_server: an HTTPS server whose certificate only $work/ca.pem explains; $site is its address.
tls_server() {
  local -a ec=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2)
  openssl req -x509 "${ec[@]}" -keyout ca.key -out ca.pem -subj "/O=codchi e2e/CN=$name" 2>openssl.log
  openssl req "${ec[@]}" -keyout server.key -out server.csr -subj "/CN=$bridge_address" 2>>openssl.log
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out server.pem \
    -extfile <(echo "subjectAltName=IP:$bridge_address") 2>>openssl.log
  mkdir site
  echo "over TLS" >site/hello
  peer tls server.pem server.key site
  site=https://$bridge_address:$port
}

# nix_fetches STATUS NAME: nix itself, and its daemon for a build, fetch the file; a NAME of its own each time, because nix remembers.
nix_fetches() {
  cp site/hello "site/$2"
  expect "$1" codchi store shell -- nix eval --impure --raw --expr "builtins.readFile (builtins.fetchurl \"$site/$2\")"
  local drv="derivation { name = \"$2\"; system = \"builtin\"; builder = \"builtin:fetchurl\"; url = \"$site/$2\"; outputHashMode = \"flat\"; outputHashAlgo = \"sha256\"; outputHash = \"$(echo "$2" | sha256sum | cut -d' ' -f1)\"; }"
  echo "$2" >"site/$2"
  expect "$1" codchi store shell -- nix build --impure --no-link --print-out-paths --expr "$drv"
}

scenario_certificates_of_the_host_reach_the_store() {
  new_name certs-store
  network_begin
  tls_server
  expect 0 codchi store status

  # The very first download: without the authority it fails, with it the file arrives (and is no nix release).
  cp site/hello site/nix.tar.xz
  local -a fresh=(env "CODCHI_DATA_DIR=$work/data" "CODCHI_CONFIG_DIR=$work/config" "CODCHI_INSTANCE_PREFIX=${CODCHI_INSTANCE_PREFIX}fresh"
    "CODCHI_STORE_NIX_URL=$site/nix.tar.xz" "CODCHI_STORE_NIX_SHA256=$(sha256sum <site/hello | cut -d' ' -f1)")
  expect 5 "${fresh[@]}" "$CODCHI" --no-input store shell -- true
  says CODCHI-STO-001
  expect 5 "${fresh[@]}" "CODCHI_CERTS_BUNDLE=$work/ca.pem" "$CODCHI" --no-input store shell -- true
  says CODCHI-STO-003

  nix_fetches 1 "before-$$"
  # Damaged, and not there: nothing is taken.
  sed 's/MI/MJ/' ca.pem >damaged.pem
  expect 2 codchi certs add damaged.pem --name "$name"
  says CODCHI-NET-001
  expect 2 codchi certs add server.key --name "$name"
  says CODCHI-NET-001
  expect 0 codchi certs add ca.pem --name "$name"
  says "CN=$name"
  expect 4 codchi certs add server.pem --name "$name"
  expect 0 codchi --json certs list
  same "$(jq -r --arg name "$name" '.authorities[] | select(.name == $name) | .sha256' out)" \
    "$(openssl x509 -in ca.pem -outform der | sha256sum | cut -d' ' -f1)" "fingerprint"
  # The store runs all the time, and its nix and the daemon's builds take it at once.
  nix_fetches 0 "with-$$"
  expect 0 codchi certs remove "$name"
  expect 3 codchi certs remove "$name"
  says CODCHI-NET-003
  nix_fetches 1 "after-$$"
}

scenario_proxies_of_the_host_reach_the_store() {
  new_name proxy-store
  network_begin
  mkdir site
  : >requests
  : >"$work/canaries"
  canary
  local secret=$word
  peer proxy "$work/requests" "me:$secret"
  site=http://behind-the-proxy.test
  echo "by proxy" >site/hello
  expect 0 codchi store shell -- true
  nix_through 1 "none-$$"
  fails grep -q . requests
  export http_proxy="http://me:$secret@$bridge_address:$port" no_proxy=example.org
  # nix, and its daemon that has been running since before.
  nix_through 0 "with-$$"
  holds grep -q "$site/with-$$-eval let in" requests
  holds grep -q "$site/with-$$-build let in" requests
  # Neighbours are reached without it.
  expect 0 codchi store shell -- sh -c "curl -fsS $CODCHI_TESTBED_MIRROR/public-key; echo; echo \$no_proxy"
  fails grep -q "$CODCHI_TESTBED_MIRROR" requests
  [[ $stdout == *"example.org,localhost,127.0.0.1,::1,$bridge_address,${bridge_address%.*}.0/24"* ]] || unexpected "no_proxy lacks something"
  # A wrong password shows nowhere, and neither does the right one.
  export http_proxy="http://me:${secret}x@$bridge_address:$port"
  nix_through 1 "wrong-$$"
  holds grep -q "wrong-$$-eval refused" requests
  unset http_proxy no_proxy
  nix_through 1 "again-none-$$"
  grep -rlaFf "$work/canaries" "$CODCHI_CONFIG_DIR" "$CODCHI_DATA_DIR/log" "$CODCHI_DATA_DIR/store" >hits 2>/dev/null || true
  same "$(<hits)" "" "files with the proxy's password"
  expect 2 codchi --set "proxy.http=http://me:$secret@x:1" store shell -- true
  says CODCHI-CFG-001
  fails grep -q "$secret" err
}

# nix_through STATUS NAME: nix itself, and its daemon for a build, fetch what only the proxy has.
nix_through() {
  expect "$1" codchi store shell -- nix eval --impure --raw --expr "builtins.readFile (builtins.fetchurl \"$site/$2-eval\")"
  local drv="derivation { name = \"$2\"; system = \"builtin\"; builder = \"builtin:fetchurl\"; url = \"$site/$2-build\"; outputHashMode = \"flat\"; outputHashAlgo = \"sha256\"; outputHash = \"$(sha256sum <site/hello | cut -d' ' -f1)\"; }"
  expect "$1" codchi store shell -- nix build --impure --no-link --print-out-paths --expr "$drv"
  cat out err >>said
  fails grep -qaFf "$work/canaries" said
}
