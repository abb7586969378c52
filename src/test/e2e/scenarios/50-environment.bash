# Clear words where the host is not ready.
# shellcheck shell=bash disable=SC2154

scenario_no_daemon() {
  CODCHI_LXD_SOCKET=$work/none.socket expect 5 codchi status
  says "$work/none.socket"
}

scenario_daemon_refuses_connections() {
  python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$work/dead.socket"
  CODCHI_LXD_SOCKET=$work/dead.socket expect 5 codchi status
}

scenario_no_permission_for_the_daemon() {
  python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$work/closed.socket"
  chmod 000 "$work/closed.socket"
  CODCHI_LXD_SOCKET=$work/closed.socket expect 5 codchi status
}

scenario_bad_input() {
  expect 2 codchi there-is-no-such-command
  expect 2 codchi init 'Bad Name!'
  expect 2 codchi init "e2e-bad-$$" 'ftp://not a reference'
  expect 3 codchi start "e2e-none-$$"
  CODCHI_STORE_NIX_SHA256=xyz expect 2 codchi status
  says store.nix_sha256
}

scenario_settings_of_other_programs_are_not_codchis() {
  expect 0 codchi --json status
  local usual=$stdout
  mkdir config
  printf '%s\n' quarkus.banner.enabled=true quarkus.log.console.enable=true quarkus.log.level=TRACE >config/application.properties
  cp config/application.properties application.properties
  printf '%s\n' QUARKUS_LOG_CONSOLE_ENABLE=true QUARKUS_LOG_LEVEL=TRACE CODCHI_DATA_DIR=/nowhere >.env
  export QUARKUS_BANNER_ENABLED=true QUARKUS_LOG_CONSOLE_ENABLE=true QUARKUS_LOG_LEVEL=TRACE QUARKUS_PROFILE=dev SMALLRYE_CONFIG_PROFILE=dev
  expect 0 codchi --json status
  prints "$usual"
  same "$stderr" "" "standard error"
}
