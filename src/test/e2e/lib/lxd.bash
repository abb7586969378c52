# The container daemon: LXD with a bridge and a pool of the test bed's own. Sourced by testbed.
# shellcheck shell=bash disable=SC2154

lxd_reachable() { [[ $(curl -fsS --max-time 5 --unix-socket "$lxd_socket" http://lxd/1.0 2>/dev/null | jq -r .metadata.auth 2>/dev/null) == trusted ]]; }

# Whether the daemon that client $1 talks to keeps bridge $2. One of that name that it does not keep is left from a daemon
# that was killed, is shown by 'network show' all the same, and goes.
bridge_is_managed() {
  [[ $("$1" query "/1.0/networks/$2" 2>/dev/null | jq .managed) != true ]] || return 0
  if [[ -d /sys/class/net/$2 ]]; then ip link delete "$2"; fi
  return 1
}

lxd_up() {
  if ! lxd_reachable; then
    alive "$state/lxcfs.pid" lxcfs || pgrep -x lxcfs >/dev/null || {
      # A killed lxcfs leaves its mount behind, and every access to it fails: "Transport endpoint is not connected".
      if ! stat /var/lib/lxcfs >/dev/null 2>&1 && grep -q ' /var/lib/lxcfs ' /proc/mounts; then umount --lazy /var/lib/lxcfs; fi
      mkdir -p /var/lib/lxcfs
      start_daemon "$state/lxcfs.pid" "$state/log/lxcfs.log" lxcfs /var/lib/lxcfs
      wait_until 10 mountpoint -q /var/lib/lxcfs || fail "lxcfs did not start; see $state/log/lxcfs.log"
    }
    start_daemon "$state/lxd.pid" "$state/log/lxd.out" lxd --group lxd "--logfile=$state/log/lxd.log"
    lxd waitready --timeout=60 || fail "LXD did not become ready; see $state/log/lxd.out"
    lxc config set images.auto_update_interval 0
  fi
  bridge_is_managed lxc "$bridge" ||
    lxc network create "$bridge" "ipv4.address=$address/24" ipv4.nat=true ipv6.address=none \
      "ipv4.dhcp.ranges=$subnet.100-$subnet.250" >/dev/null
  lxc storage show "$pool" >/dev/null 2>&1 || lxc storage create "$pool" dir >/dev/null
}

# Names of the instances whose root disk lies in our pool: these are the test bed's, and no others.
own_instances() {
  lxc query '/1.0/instances?recursion=1' | jq -r --arg pool "$pool" \
    '.[] | select(any(.expanded_devices[]; .type == "disk" and .path == "/" and .pool == $pool)) | .name'
}

lxd_down() {
  # As with Incus: only a daemon can clear away what a killed one left.
  if [[ -f $state/lxd.pid ]] && ! lxd_reachable; then lxd_up; fi
  if lxd_reachable; then
    local instance image
    for instance in $(own_instances); do lxc delete --force "$instance"; done
    if lxc network show "$bridge" >/dev/null 2>&1; then lxc network delete "$bridge" >/dev/null; fi
    if lxc storage show "$pool" >/dev/null 2>&1; then
      # Images unpacked there are copies of the daemon's own; the pool cannot go before they do.
      for image in $(lxc query "/1.0/storage-pools/$pool/volumes/image" | jq -r '.[] | split("/") | last'); do
        lxc storage volume delete "$pool" "image/$image"
      done
      lxc storage delete "$pool" >/dev/null
    fi
  fi
  if alive "$state/lxd.pid" lxd; then
    local pid
    pid=$(<"$state/lxd.pid")
    lxd shutdown --timeout 60
    tail --pid="$pid" -f /dev/null
  fi
  rm -f "$state/lxd.pid"
  stop_daemon "$state/lxcfs.pid" lxcfs
}

lxd_status() {
  if ! lxd_reachable; then
    echo "LXD:    not reachable at $lxd_socket"
    return
  fi
  local origin="not started by the test bed"
  if alive "$state/lxd.pid" lxd; then origin="pid $(<"$state/lxd.pid")"; fi
  echo "LXD:    $(lxc query /1.0 | jq -r .environment.server_version), $origin, socket $lxd_socket"
  lxc network show "$bridge" >/dev/null 2>&1 && echo "        bridge $bridge $address/24"
  lxc storage show "$pool" >/dev/null 2>&1 && echo "        pool $pool, $(own_instances | wc -l) instances"
  return 0
}
