# codchi called by root: it works as for anybody else, and host root is in no container.
# shellcheck shell=bash disable=SC2154

# Every id of this computer that the processes of a container have, as "inside outside count".
maps_of() {
  local pid
  pid=$(rest "/1.0/instances/$1/state" | jq .metadata.pid)
  cat "/proc/$pid/uid_map" "/proc/$pid/gid_map"
}

scenario_as_root_a_machine_lives() {
  new_name rooted
  module rooted "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  local container person
  person=$(</var/lib/codchi/person)
  for container in "$(container_of "$name")" "${CODCHI_INSTANCE_PREFIX}store"; do
    same "$(maps_of "$container" | awk '$2 == 0' | wc -l)" 0 "maps of host root in $container"
    holds test -n "$(maps_of "$container" | awk -v id="$person" '$2 == id && $3 == 1')"
  done

  expect 0 codchi exec "$name" sh -c 'greet && id -un && id -u && touch made'
  prints $'one\ncodchi\n1000'
  same "$(stat -c %u "$CODCHI_DATA_DIR/machine/$name/made")" "$person" "owner of a file in the home"
  # The machine's root is nobody here.
  expect 0 codchi exec "$name" sudo touch by-its-root
  fails test "$(stat -c %u "$CODCHI_DATA_DIR/machine/$name/by-its-root")" = 0

  module rooted "$(greeting two)"
  expect 0 codchi rebuild "$name"
  expect 0 codchi exec "$name" greet
  prints two
  expect 0 codchi stop "$name"
  expect 0 codchi tar "$name" all.tar
  expect 0 codchi import all.tar "$name-2"
  machines+=("$name-2")
  expect 0 codchi status --json
  same "$(jq --arg name "$name" '[.machines[].name | select(startswith($name))] | length' <<<"$stdout")" 2 "number of machines"
  expect 0 codchi --yes delete "$name-2"
  expect 0 codchi --yes delete "$name"
  fails test -e "$CODCHI_DATA_DIR/machine/$name"
  absent "/1.0/instances/$(container_of "$name")"
}
