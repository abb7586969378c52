# A second container daemon: Incus, taken from Debian 13 and made to run on this host next to LXD. Sourced by testbed.
# shellcheck shell=bash disable=SC2154

incus_home=$cache/host-incus
incus_dir=$state/incus
incus_socket=$incus_dir/unix.socket
incus_subnet=${CODCHI_TESTBED_INCUS_SUBNET:-10.89.0}
incus_bridge=${name}1

incus() { INCUS_DIR=$incus_dir "$incus_home/bin/incus" "$@"; }

incus_reachable() { [[ $(curl -fsS --max-time 5 --unix-socket "$incus_socket" http://incus/1.0 2>/dev/null | jq -r .metadata.auth 2>/dev/null) == trusted ]]; }

incus_programs() {
  local mirror_scripts=$project/src/test/nix/mirror tree=$cache/debian13-incus version program
  [[ -f $tree/.complete ]] || echo "testbed: fetching Incus, which takes about a minute once" >&2
  "$mirror_scripts/debian-tree" "$cache" debian13-incus "$mirror_scripts/packages-incus" 8>&-
  version=$(<"$tree/.complete")
  [[ -f $incus_home/.complete && $(<"$incus_home/.complete") == "$version" ]] && return
  rm -rf "$incus_home"
  for program in /usr/libexec/incus/incusd /usr/bin/incus; do "$mirror_scripts/relocate-for-host" "$tree" "$program" "$incus_home"; done
  echo "$version" >"$incus_home/.complete"
}

incus_start() {
  incus_programs
  getent group incus-admin >/dev/null || groupadd --system incus-admin
  mkdir -p "$state/log" "$incus_dir" /usr/lib/x86_64-linux-gnu/lxc/rootfs
  chmod 711 "$incus_dir"
  start_daemon "$state/incus.pid" "$state/log/incus.out" env "INCUS_DIR=$incus_dir" "INCUS_EXEC_PATH=$incus_home/bin/incusd" \
    "$incus_home/bin/incusd" --group incus-admin "--logfile=$state/log/incus.log"
  incus admin waitready --timeout=60 || fail "Incus did not become ready; see $state/log/incus.out"
  incus config set images.auto_update_interval 0
}

incus_up() {
  mkdir -p "$state/log"
  exec 8>"$state/.lock"
  flock 8
  [[ -f $state/mirror.pid ]] || fail "run 'testbed up' first"
  incus_reachable || incus_start
  id -nG "$user" | tr ' ' '\n' | grep -qx incus-admin || usermod -aG incus-admin "$user"
  bridge_is_managed incus "$incus_bridge" ||
    incus network create "$incus_bridge" "ipv4.address=$incus_subnet.1/24" ipv4.nat=true ipv6.address=none \
      "ipv4.dhcp.ranges=$incus_subnet.100-$incus_subnet.250" >/dev/null
  incus storage show "$pool" >/dev/null 2>&1 || incus storage create "$pool" dir >/dev/null
  incus_status
}

# The daemon is the test bed's own, with everything in it.
incus_down() {
  # One that was killed left its bridge, its mounts and maybe containers behind, which only a daemon can clear away.
  if [[ -d $incus_dir ]] && ! incus_reachable; then incus_start; fi
  if alive "$state/incus.pid" incusd; then
    local pid instance
    pid=$(<"$state/incus.pid")
    for instance in $(incus query /1.0/instances | jq -r '.[] | split("/") | last'); do incus delete --force "$instance"; done
    if incus network show "$incus_bridge" >/dev/null 2>&1; then incus network delete "$incus_bridge" >/dev/null; fi
    incus admin shutdown --timeout 60
    tail --pid="$pid" -f /dev/null
    nft delete table inet incus 2>/dev/null || true
  fi
  rm -f "$state/incus.pid"
  if mountpoint -q "$incus_dir/guestapi"; then umount "$incus_dir/guestapi"; fi
  if mountpoint -q "$incus_dir/shmounts"; then umount "$incus_dir/shmounts"; fi
  rm -rf --one-file-system "$incus_dir"
}

incus_status() {
  incus_reachable || return 0
  echo "Incus:  $(incus query /1.0 | jq -r .environment.server_version), pid $(<"$state/incus.pid"), socket $incus_socket"
  echo "        bridge $incus_bridge $incus_subnet.1/24"
  echo "        use it:  export CODCHI_TESTBED_DAEMON=incus; eval \"\$($here/testbed env)\""
}
