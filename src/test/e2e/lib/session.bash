# A desktop session of the host: X server, runtime directory. Sourced by scenarios.
# shellcheck shell=bash disable=SC2154

# session NAME: a new login with a runtime directory of its own; nothing is in it yet.
session() {
  unset DISPLAY WAYLAND_DISPLAY XAUTHORITY PULSE_SERVER PULSE_COOKIE PIPEWIRE_REMOTE
  export XDG_RUNTIME_DIR=$work/run
  mkdir -m 700 -p "$XDG_RUNTIME_DIR"
}

# x_server: starts Xvfb at the first free display, locked by a cookie; sets DISPLAY and XAUTHORITY, and $x_pid.
x_server() {
  local number cookie
  cookie=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
  export XAUTHORITY=$work/cookies
  mkfifo "$work/display-number"
  exec 7<>"$work/display-number"
  # One entry for any host and display (Xau(3)): the number is not known before the server runs.
  printf '\xff\xff\0\0\0\0\0\x12MIT-MAGIC-COOKIE-1\0\x10%b' "$(sed 's/../\\x&/g' <<<"$cookie")" >"$XAUTHORITY"
  background Xvfb -displayfd 7 -screen 0 640x400x24 -nolisten tcp -noreset -auth "$XAUTHORITY" -fbdir "$work"
  x_pid=$!
  read -r -t 15 number <&7 || unexpected "Xvfb does not start: $(<background.log)"
  exec 7>&-
  rm "$work/display-number"
  export DISPLAY=:$number
}

# windows: the windows that the host's display on_screen.
windows() { xwininfo -root -tree; }
on_screen() { grep -q "\"$1\"" <(windows); }
