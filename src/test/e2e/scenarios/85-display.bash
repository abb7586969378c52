# Windows of a machine on the host's desktop.
# shellcheck shell=bash disable=SC2154

# shellcheck source=../lib/session.bash
source "$here/lib/session.bash"

# Debian's programs in the stand-in system.
xeyes=/usr/bin/xeyes xdpyinfo=/usr/bin/xdpyinfo

scenario_windows_of_a_machine_are_on_the_display() {
  new_name x11
  session
  x_server
  expect 0 codchi init --allow display "$name"

  background command "$CODCHI" exec "$name" "$xeyes"
  soon on_screen xeyes
  # and it is drawn: the screen has more than the grey of an empty one
  soon drawn
  keep screen.png x11-window.png

  # Programs, login shells, and services of the person, as those of XDG autostart are.
  # shellcheck disable=SC2016 # expanded in the machine
  expect 0 codchi exec "$name" sh -c 'echo $DISPLAY'
  prints :0
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" bash -lc 'echo $DISPLAY $XAUTHORITY'
  prints ":0 /var/lib/codchi/host/Xauthority"
  record login
  expect 0 codchi exec "$name" systemd-run --user --wait --pipe --quiet "$xdpyinfo"
  says_x11 "$stdout"

  # The cookie is the machine's own: not the person's, and of no use but here.
  local inside=$CODCHI_DATA_DIR/host/$name/files/Xauthority
  same "$(stat -c %a "$inside")" 600 "mode of the cookie"
  fails cmp "$inside" "$XAUTHORITY"
  expect 0 env XAUTHORITY="$inside" xdpyinfo -display "$DISPLAY"
  expect 0 codchi exec "$name" sh -c "XAUTHORITY=/dev/null $xdpyinfo || echo refused"
  prints refused

  # What the host knows must not be in the machine; its certificates (ca*) are another capability's.
  expect 0 codchi exec "$name" sh -c 'ls -A ~/.Xauthority 2>/dev/null; ls -A -I "ca*" /var/lib/codchi/host'
  prints $'Xauthority\nx11-display'
}

drawn() { import -window root screen.png && (($(identify -format %k screen.png) > 2)); }
says_x11() { grep -q 'version number' <<<"$1" || unexpected "no X server answers: $1"; }

scenario_display_follows_the_session() {
  new_name relogin
  session
  # made without a desktop: nothing is there, and nothing fails
  expect 0 codchi init --allow display "$name"
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" sh -c 'echo "[$DISPLAY]"'
  prints "[]"
  # the person logs in, while somebody else has the lower number: the running machine has the display
  x_server
  local other=$x_pid
  x_server
  expect 0 codchi exec "$name" "$xdpyinfo"
  says_x11 "$stdout"
  # both sessions end; the next one has the number that is free now, and other cookies
  local first=$DISPLAY
  kill "$x_pid" "$other"
  tail --pid="$x_pid" -f /dev/null
  tail --pid="$other" -f /dev/null
  x_server
  fails test "$DISPLAY" = "$first"
  expect 0 codchi exec "$name" "$xdpyinfo"
  says_x11 "$stdout"
  # a shell outside of the session, as with ssh: the machine keeps its display
  expect 0 env -u DISPLAY -u XAUTHORITY "$CODCHI" exec "$name" "$xdpyinfo"
  says_x11 "$stdout"
  expect 0 env DISPLAY=localhost:10.0 "$CODCHI" exec "$name" "$xdpyinfo"
  # a boot of the machine clears its /tmp/.X11-unix
  expect 0 codchi restart "$name"
  expect 0 codchi exec "$name" "$xdpyinfo"
  says_x11 "$stdout"
  # a dead server's socket: a machine starts without a display, and doctor tells
  kill -9 "$x_pid"
  tail --pid="$x_pid" -f /dev/null
  expect 0 codchi restart "$name"
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" sh -c 'echo "[$DISPLAY]"'
  prints "[]"
  codchi doctor >out || true
  holds grep -q 'warning.*display: nobody answers: X11' out
}

scenario_programs_start_with_the_desktop() {
  new_name starts
  session
  # One that belongs to another desktop must not start.
  module starts "{ environment.etc.\"xdg/autostart/eyes.desktop\".text = ''
    [Desktop Entry]
    Type=Application
    Name=Eyes
    Exec=$xeyes
  ''; environment.etc.\"xdg/autostart/elsewhere.desktop\".text = ''
    [Desktop Entry]
    Type=Application
    Name=Elsewhere
    Exec=touch /home/codchi/elsewhere
    OnlyShowIn=Elsewhere;
  ''; }"
  # Nothing starts without a desktop, and nothing fails for want of it.
  expect 0 codchi init --allow display "$name" "$url"
  expect 0 codchi exec "$name" systemctl --user list-units --plain --no-legend --all 'app-*@autostart.service'
  prints ""
  # The person logs in.
  x_server
  expect 0 codchi exec "$name" true
  soon on_screen xeyes
  # And at the machine's next start.
  expect 0 codchi stop "$name"
  soon off_screen xeyes
  expect 0 codchi start "$name"
  soon on_screen xeyes
  soon drawn
  keep screen.png autostart.png
  expect 0 codchi exec "$name" systemctl --user is-active codchi-desktop.target
  fails test -e "$CODCHI_DATA_DIR/machine/$name/elsewhere"
}
off_screen() { ! on_screen "$1"; }

scenario_display_of_somebody_else() {
  new_name foreign
  session
  x_server
  # The cookies of another user: they open nothing here, or cannot even be read.
  local own=$XAUTHORITY
  (head -c -16 "$own" && printf 'somebody elses!!') >foreign
  XAUTHORITY=$work/foreign expect 0 codchi init --allow display "$name"
  says "does not get display: the X server of display $DISPLAY refuses"
  # shellcheck disable=SC2016
  XAUTHORITY=$work/foreign expect 0 codchi exec "$name" sh -c 'echo "[$DISPLAY]"; ls -A -I "ca*" /var/lib/codchi/host'
  prints "[]"
  chmod 000 foreign
  # shellcheck disable=SC2016
  XAUTHORITY=$work/foreign expect 0 codchi exec "$name" sh -c 'echo "[$DISPLAY]"'
  prints "[]"
  # A compositor stays, even with such an X display beside it.
  wayland
  # shellcheck disable=SC2016
  XAUTHORITY=$work/foreign expect 0 codchi exec "$name" sh -c 'echo "[$DISPLAY] $WAYLAND_DISPLAY"'
  prints "[] /var/lib/codchi/session/wayland-0"
  # With the person's own the machine has the display.
  expect 0 codchi exec "$name" "$xdpyinfo"
  says_x11 "$stdout"
}

scenario_consent() {
  new_name consent
  session
  x_server
  # a module that requires something is not built before somebody agreed
  module consent '{ codchi.requiredCapabilities = [ "display" ]; }'
  expect 2 codchi init "$name" "$url"
  says "--allow display"
  fails grep -q "Building" err
  fails test -e "$CODCHI_CONFIG_DIR/machine/$name"
  expect 2 codchi init --allow teleport "$name" "$url"
  says "display"
  expect 0 codchi init --allow display "$name" "$url"
  expect 0 codchi exec "$name" "$xdpyinfo"

  # taken away and given back while the machine runs
  expect 0 codchi capabilities deny "$name" display
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" sh -c 'echo "[$DISPLAY]"; ls -A -I "ca*" /var/lib/codchi /var/lib/codchi/host'
  prints $'[]\n/var/lib/codchi:\nhost\n\n/var/lib/codchi/host:'
  expect 0 codchi --json capabilities list "$name"
  same "$(jq -c '.capabilities[] | select(.name == "display") | [.allowed, .required, .offered]' <<<"$stdout")" '[false,true,"available"]' "display"
  module consent '{ codchi.requiredCapabilities = [ "display" ]; codchi.initScript = "true"; }'
  expect 7 codchi rebuild "$name"
  says CODCHI-CAP-001
  expect 0 codchi capabilities allow "$name" display
  expect 0 codchi exec "$name" "$xdpyinfo"
  expect 0 codchi rebuild "$name"

  # deleted with all that was kept for it
  expect 0 codchi --yes delete "$name"
  fails test -e "$CODCHI_DATA_DIR/host/$name"
}

scenario_consent_is_asked_for_once_on_a_terminal() {
  new_name asked
  session
  x_server
  module asked '{ codchi.requiredCapabilities = [ "display" ]; codchi.gpu.enable = false; }'
  expect 7 timeout 120 "$here/on-terminal" "(display)? [y/N]" n -- "$CODCHI" init "$name" "$url"
  grep -q CODCHI-CAP-001 <<<"$stdout" || unexpected "no refusal"
  expect 0 timeout 180 "$here/on-terminal" "(display)? [y/N]" y -- "$CODCHI" init "$name" "$url"
  # remembered: nobody is asked by a rebuild
  module asked '{ codchi.requiredCapabilities = [ "display" ]; codchi.gpu.enable = false; codchi.initScript = "true"; }'
  expect 0 codchi rebuild "$name"
  expect 0 codchi exec "$name" "$xdpyinfo"
}
