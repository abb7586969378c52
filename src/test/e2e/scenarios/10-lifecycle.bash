# From nothing to a machine and back.
# shellcheck shell=bash disable=SC2154

scenario_init_exec_stop_start_delete() {
  new_name life
  module life "$(greeting hello)"
  expect 0 codchi init "$name" "$url"
  expect 0 codchi exec "$name" greet
  prints hello

  expect 0 codchi status --json
  same "$(jq -r --arg n "$name" '.machines[] | select(.name == $n) | .state' <<<"$stdout")" running "status"

  expect 0 codchi stop "$name"
  same "$(rest "/1.0/instances/$(container_of "$name")" | jq -r .metadata.status)" Stopped "state of the container"
  expect 0 codchi stop "$name"

  # exec starts what is stopped
  expect 0 codchi exec "$name" greet
  prints hello

  expect 0 codchi --yes delete "$name"
  absent "/1.0/instances/$(container_of "$name")"
  fails test -e "$CODCHI_CONFIG_DIR/machine/$name"
  fails test -e "$CODCHI_DATA_DIR/machine/$name"
  fails test -e "$CODCHI_DATA_DIR/nix/var/nix/profiles/per-machine/$name"
  # exec's own failures are 125, so that a program's exit status is never mistaken for one
  expect 125 codchi exec "$name" true
  says "$name"
  expect 3 codchi start "$name"
}

scenario_empty_machine() {
  new_name empty
  expect 0 codchi init "$name"
  expect 0 codchi exec "$name" id -un
  prints codchi
}

scenario_init_refuses_a_taken_name() {
  new_name taken
  expect 0 codchi init "$name"
  expect 4 codchi init "$name"
  says "$name"
  expect 4 codchi init "${name^^}"
  # and the machine is still there
  expect 0 codchi exec "$name" true
}

scenario_delete_takes_what_services_of_root_go_on_writing() {
  new_name writer
  module writer '{ pkgs, ... }: {
    systemd.services.writer = {
      wantedBy = [ "multi-user.target" ];
      script = "while :; do ${pkgs.coreutils}/bin/mkdir -p /home/codchi/data/$((i = i + 1)); done";
    };
  }'
  expect 0 codchi init "$name" "$url"
  soon test -d "$CODCHI_DATA_DIR/machine/$name/data"
  expect 0 codchi --yes delete "$name"
  nothing_left
  # Write-protected, as Go's downloads are, and no container that could help.
  new_name protected
  expect 0 codchi init "$name" --no-build
  mkdir -p "$CODCHI_DATA_DIR/machine/$name/module/inner"
  touch "$CODCHI_DATA_DIR/machine/$name/module/inner/file"
  chmod -R a-w "$CODCHI_DATA_DIR/machine/$name/module"
  expect 0 codchi --yes delete "$name"
  nothing_left
}

scenario_delete_asks() {
  new_name ask
  expect 0 codchi init "$name"
  status=0
  codchi delete "$name" >out 2>err || status=$?
  holds test "$status" -ne 0
  holds grep -q -- --yes err
  expect 0 codchi exec "$name" true
}

scenario_failed_init_leaves_nothing() {
  new_name gone
  expect 6 codchi init "$name" "git+$CODCHI_TESTBED_MIRROR/there-is-none.git?ref=main" nixosModules.default
  module throws '{ ... }: throw "no luck today"'
  expect 6 codchi init "$name" "$url"
  says "no luck today"
  absent "/1.0/instances/$(container_of "$name")"
  fails test -e "$CODCHI_CONFIG_DIR/machine/$name/machine.json"
  fails test -e "$CODCHI_DATA_DIR/machine/$name"
  # the name is free again
  expect 0 codchi init "$name"
}

scenario_logs_of_the_store() {
  holds test -s "$CODCHI_DATA_DIR/log/store.log"
}
