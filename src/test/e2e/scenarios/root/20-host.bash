# Computers that are not ready for containers, or full. Made here by root; the last two call codchi as somebody else.
# shellcheck shell=bash disable=SC2154

# A daemon of its own, as it is right after its installation.
scenario_as_root_a_daemon_without_pool_and_network() {
  own=$work/lxd # not local: needed at the end of the scenario, too
  mkdir "$own"
  LXD_DIR=$own lxd --group lxd --logfile "$work/lxd.log" >/dev/null 2>&1 &
  pid=$!
  trap end_own_daemon EXIT
  LXD_DIR=$own lxd waitready --timeout=60
  new_name unready
  unset CODCHI_LXD_POOL CODCHI_LXD_NETWORK
  export CODCHI_LXD_SOCKET=$own/unix.socket CODCHI_INSTANCE_PREFIX=unready CODCHI_DATA_DIR=$work/data CODCHI_CONFIG_DIR=$work/config
  expect 5 codchi init "$name"
  says CODCHI-LXD-005
  expect 5 codchi doctor --json
  same "$(jq -r '.findings[] | select(.verdict == "problem") | .subject' <<<"$stdout" | grep -xcF -e 'storage pool' -e bridge)" 2 "findings"
  LXD_DIR=$own lxc storage create default dir >/dev/null
  expect 5 codchi init "$name"
  says CODCHI-LXD-006
  same "$(LXD_DIR=$own lxc list --format csv | wc -l)" 0 "number of containers"
  expect 0 codchi status --json
  same "$(jq '.machines | length' <<<"$stdout")" 0 "number of machines"
}

# Ends the daemon $pid with its directory $own.
end_own_daemon() {
  LXD_DIR=$own lxd shutdown --timeout 20 >/dev/null 2>&1 || kill "$pid" 2>/dev/null || true
  wait "$pid" || true
  awk -v below="$own/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
}

# Somebody who may use the daemon, whose id it may not map.
scenario_as_root_somebody_without_subordinate_ids() {
  local id=54321
  fails grep -q ":$id:" /etc/subuid
  new_name unmapped
  export HOME=$work CODCHI_DATA_DIR=$work/data CODCHI_CONFIG_DIR=$work/config CODCHI_INSTANCE_PREFIX=unmapped
  chown "$id:$id" "$work"
  expect 5 setpriv --reuid "$id" --regid "$id" --groups "$(stat -c %g "$CODCHI_LXD_SOCKET")" "$CODCHI" --no-input init "$name"
  says CODCHI-LXD-007
  says "root:$id:1"
  absent "/1.0/instances/$(container_of "$name")"
  fails test -e "$CODCHI_CONFIG_DIR/machine/$name"
}

scenario_as_root_the_disk_is_full() {
  new_name full
  export CODCHI_DATA_DIR=$work/data CODCHI_INSTANCE_PREFIX=${CODCHI_INSTANCE_PREFIX}full
  mkdir "$CODCHI_DATA_DIR"
  mount -t tmpfs -o size=40m full "$CODCHI_DATA_DIR"
  # shellcheck disable=SC2064
  trap "tidy >/dev/null 2>&1; delete_container '${CODCHI_INSTANCE_PREFIX}store' >/dev/null 2>&1 || true; umount -l '$CODCHI_DATA_DIR'" EXIT
  # While the store is made.
  expect 5 codchi init "$name"
  says CODCHI-DRV-005
  absent "/1.0/instances/$(container_of "$name")"
  fails test -e "$CODCHI_CONFIG_DIR/machine/$name"

  mount -o remount,size=6g "$CODCHI_DATA_DIR"
  module full "$(greeting roomy)"
  expect 0 codchi init "$name" "$url"
  # While a system is built.
  module full '{ pkgs, ... }: { environment.systemPackages = [ (pkgs.runCommand "large" { } "mkdir -p $out/bin; head -c 300000000 /dev/zero >$out/bin/large") ]; }'
  mount -o "remount,size=$(($(df --output=used -k "$CODCHI_DATA_DIR" | tail -1) + 100000))k" "$CODCHI_DATA_DIR"
  expect 5 codchi rebuild "$name"
  says CODCHI-DRV-005
  expect 0 codchi exec "$name" greet
  prints roomy
  mount -o remount,size=6g "$CODCHI_DATA_DIR"
  expect 0 codchi rebuild "$name"
}

# Not the disk of the machine, but that of the archive.
scenario_as_root_the_disk_of_an_archive_is_full() {
  new_name small
  mkdir disk
  mount -t tmpfs -o size=20m small disk
  # shellcheck disable=SC2064
  trap "tidy >/dev/null 2>&1; umount -l '$PWD/disk'" EXIT
  expect 0 codchi init "$name"
  head -c 50000000 /dev/urandom >"$CODCHI_DATA_DIR/machine/$name/large"
  echo precious >disk/other
  expect 5 codchi tar --stop "$name" disk/machine.tar
  says CODCHI-DRV-005
  expect 5 codchi export "$name" --stop --format tar disk/exported.tar
  says CODCHI-DRV-005
  # The program that packs ends, too, since nobody takes what it gives; that is not what matters.
  expect 5 codchi export "$name" --stop --format tar disk/packed.tar.gz
  says CODCHI-DRV-005
  same "$(ls -A disk)" other "what is on the disk"
  # It fits elsewhere, and after what was in the way is gone.
  expect 0 codchi stop "$name"
  expect 0 codchi tar "$name" machine.tar
  rm "$CODCHI_DATA_DIR/machine/$name/large"
  expect 0 codchi tar "$name" disk/machine.tar
}

# delete_container NAME: by force, for a store that no codchi looks after any more.
delete_container() {
  local path=/1.0/instances/$1 operation
  operation=$(curl -fsS --unix-socket "$CODCHI_LXD_SOCKET" -X PUT -d '{"action": "stop", "force": true}' "http://daemon$path/state" | jq -r .operation)
  rest "$operation/wait" >/dev/null
  operation=$(curl -fsS --unix-socket "$CODCHI_LXD_SOCKET" -X DELETE "http://daemon$path" | jq -r .operation)
  rest "$operation/wait" >/dev/null
}
