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
