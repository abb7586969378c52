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

# wayland: starts a compositor without a screen; sets WAYLAND_DISPLAY, and $weston_pid. Its screen can be had with screenshot_of_wayland.
wayland() {
  export WAYLAND_DISPLAY=wayland-7
  printf '[core]\nidle-time=0\n[shell]\npanel-position=none\nbackground-color=0xff203040\nanimation=none\nstartup-animation=none\n' >"$work/weston.ini"
  background env -u DISPLAY weston --config="$work/weston.ini" --backend=headless-backend.so --use-pixman --width=640 --height=400 --debug --socket="$WAYLAND_DISPLAY"
  weston_pid=$!
  soon test -S "$XDG_RUNTIME_DIR/$WAYLAND_DISPLAY"
}

# screenshot_of_wayland FILE: a PNG of the compositor's screen.
screenshot_of_wayland() {
  (cd "$work" && rm -f wayland-screenshot-*.png && weston-screenshooter) >/dev/null 2>&1
  mv "$work"/wayland-screenshot-*.png "$1"
}

# sound_server: starts PulseAudio with a sink that plays to nobody and can be recorded; $pulse_pid.
sound_server() {
  background pulseaudio -n --daemonize=no --exit-idle-time=-1 --disallow-exit \
    -L "module-null-sink sink_name=nowhere rate=8000 channels=1 format=s16le" -L "module-native-protocol-unix"
  pulse_pid=$!
  soon pactl info
}

# tone FILE: two seconds of 440 Hz, 8000 samples a second, 16 bits.
tone() { python3 -c 'import math, struct, sys; open(sys.argv[1], "wb").write(b"".join(struct.pack("<h", int(20000 * math.sin(2 * math.pi * 440 * i / 8000))) for i in range(16000)))' "$1"; }

# pitch FILE: what was recorded: its loudest sample, and the frequency of its loud part in Hz.
pitch() {
  python3 - "$1" <<'P'
import struct, sys
data = open(sys.argv[1], "rb").read()
samples = struct.unpack("<%dh" % (len(data) // 2), data[: len(data) // 2 * 2])
loud = [i for i, s in enumerate(samples) if abs(s) > 5000]
if not loud:
    sys.exit("silence")
part = samples[loud[0] : loud[-1]]
crossings = sum(1 for a, b in zip(part, part[1:]) if a < 0 <= b)
print(max(map(abs, part)), round(crossings * 8000 / len(part)))
P
}

# keep FILE NAME: a picture for the documentation, where CODCHI_SCREENSHOTS names a directory.
keep() { [[ -z ${CODCHI_SCREENSHOTS:-} ]] || cp "$1" "$CODCHI_SCREENSHOTS/$2"; }
