# The host's name servers change while containers run. Needs root for servers at port 53.
# shellcheck shell=bash disable=SC2154

# The bridge's server reads the host's /etc/resolv.conf; here a file of the scenario takes its place, so that the computer keeps its own.
scenario_as_root_name_servers_of_the_host_change() {
  new_name names
  local bridge=${CODCHI_TESTBED_MIRROR#http://} first second
  bridge=${bridge%:*}
  first=127.${bridge#*.} second=${first%.*}.2
  trap 'network_setting DELETED; tidy >/dev/null 2>&1' EXIT
  module names "{ pkgs, ... }: { environment.systemPackages = [ pkgs.curl ]; }"
  expect 0 codchi init "$name" "$url"
  name_server "$first" office.test "$bridge"
  name_server "$second" travel.test "$bridge"
  host_asks "$first"
  network_setting "resolv-file=$work/resolv.conf"
  reached 0 office.test

  # Another network while the machine and the store run on.
  host_asks "$second"
  soon resolved travel.test
  reached 0 travel.test

  # A name that was asked for in vain: the bridge's server believes its answer for as long as that says, unless it is told to forget.
  network_setting "$(printf 'resolv-file=%s\nclear-on-reload' "$work/resolv.conf")"
  host_asks "$first"
  soon resolved office.test
  reached 6 travel.test
  host_asks "$second"
  soon resolved travel.test
  reached 0 travel.test
}

# host_asks ADDRESS: the file is replaced, as NetworkManager and systemd-resolved do it.
host_asks() {
  echo "nameserver $1" >resolv.conf.new
  chmod 644 resolv.conf.new
  mv resolv.conf.new resolv.conf
}

asked=0

# name_server ADDRESS NAME IP: knows that name alone.
name_server() {
  "$here/network-peer" dns "$@" >"$work/dns-$1" 2>"$work/dns.log" &
  background+=($!)
  soon test -s "$work/dns-$1"
}

# network_setting TEXT: what the bridge's own server is told besides, or DELETED.
network_setting() {
  local value
  value=$(jq -n --arg text "$1" '{config: {"raw.dnsmasq": (if $text == "DELETED" then "" else $text end)}}')
  curl -fsS -X PATCH --unix-socket "$CODCHI_LXD_SOCKET" -d "$value" "http://daemon/1.0/networks/$CODCHI_LXD_NETWORK" >/dev/null
}

# reached STATUS NAME: the machine and the store, which run all the time, get there by that name.
reached() {
  local site=http://$2:${CODCHI_TESTBED_MIRROR##*:}/public-key
  expect "$1" codchi exec "$name" curl -fsS "$site"
  # nix remembers what it has fetched, and ends with 1 whatever curl, by which it fetches, ended with
  asked=$((asked + 1))
  expect "$(($1 ? 1 : 0))" codchi store shell -- nix eval --impure --raw --expr "builtins.readFile (builtins.fetchurl { url = \"$site?$$-$asked\"; name = \"key\"; })"
}

resolved() { codchi exec "$name" getent hosts "$1"; }
