# A desktop for scenarios: a display, a session bus, directories of its own. Sourced by the scenarios that need it.
# shellcheck shell=bash disable=SC2154

# end_with_scenario PID: the process is ended when the scenario has.
started=()
end_with_scenario() {
  started+=("$1")
  trap 'kill "${started[@]}" 2>/dev/null || true; tidy >/dev/null 2>&1' EXIT
}

# eventually SECONDS COMMAND...: the command succeeds within that time. For what only a foreign program could tell, and does not.
eventually() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || unexpected "does not come to hold: $*"
    read -rt 0.1 <> <(:) || :
  done
}

# own_directories: XDG directories below $work, so that nothing of the test user's own desktop counts.
own_directories() {
  export XDG_DATA_HOME=$work/share XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache XDG_RUNTIME_DIR=$work/run
  mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME"
  mkdir -pm 700 "$XDG_RUNTIME_DIR"
  applications=$XDG_DATA_HOME/applications
}

# a_display: an X server of its own; sets DISPLAY.
a_display() {
  mkfifo "$work/displayfd"
  Xvfb -displayfd 5 -screen 0 800x600x24 -nolisten tcp 5>"$work/displayfd" >"$work/xvfb.log" 2>&1 &
  end_with_scenario $!
  local number
  read -rt 20 number <"$work/displayfd" || unexpected "no X server"
  export DISPLAY=:$number
}

# a_session_bus: a session bus of its own; sets DBUS_SESSION_BUS_ADDRESS.
a_session_bus() {
  mkfifo "$work/busfd"
  dbus-daemon --session --nofork --print-address=5 5>"$work/busfd" >"$work/bus.log" 2>&1 &
  end_with_scenario $!
  read -rt 20 DBUS_SESSION_BUS_ADDRESS <"$work/busfd" || unexpected "no session bus"
  export DBUS_SESSION_BUS_ADDRESS
}

# as_session COMMAND...: as a desktop session would run it, without codchi's settings.
as_session() {
  env -i HOME="$HOME" PATH=/usr/local/bin:/usr/bin:/bin DISPLAY="${DISPLAY-}" DBUS_SESSION_BUS_ADDRESS="${DBUS_SESSION_BUS_ADDRESS-}" \
    XDG_DATA_HOME="$XDG_DATA_HOME" XDG_CONFIG_HOME="$XDG_CONFIG_HOME" XDG_CACHE_HOME="$XDG_CACHE_HOME" XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" "$@"
}

# keep_screenshot NAME: what the display shows, for docs/ when CODCHI_SCREENSHOTS names a directory.
keep_screenshot() {
  [[ -z ${CODCHI_SCREENSHOTS-} ]] || import -window root -colors 64 "$CODCHI_SCREENSHOTS/$1.png"
}
