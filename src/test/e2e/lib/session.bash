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

# wayland [OPTION...]: starts a compositor without a screen; sets WAYLAND_DISPLAY, and $weston_pid. Its screen can be had with
# screenshot_of_wayland.
wayland() {
  export WAYLAND_DISPLAY=wayland-7
  printf '[core]\nidle-time=0\n[shell]\npanel-position=none\nbackground-color=0xff203040\nanimation=none\nstartup-animation=none\n' >"$work/weston.ini"
  background env -u DISPLAY weston --config="$work/weston.ini" --backend=headless-backend.so --use-pixman --width=640 --height=400 --debug --socket="$WAYLAND_DISPLAY" "$@"
  weston_pid=$!
  soon test -S "$XDG_RUNTIME_DIR/$WAYLAND_DISPLAY"
}

# xwayland: the same with X11, as desktops have it; sets DISPLAY.
xwayland() {
  : >background.log
  wayland --xwayland
  soon grep -q 'xserver listening on display' background.log
  DISPLAY=$(sed -n 's/.*xserver listening on display //p' background.log)
  export DISPLAY
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

# pipewire_socket: what systemd does for a session: it listens for PipeWire, and keeps the socket while the server starts anew.
# Each line that is written to $work/pipewire-starts starts the server; the one before it is killed, as a crash would. Then the new one's pid
# is in $work/pipewire-pid.
pipewire_socket() {
  mkfifo "$work/pipewire-starts"
  exec 8<>"$work/pipewire-starts"
  background python3 -c '
import os, signal, socket, subprocess, sys
signal.signal(signal.SIGTERM, lambda *_: (server and server.kill(), sys.exit()))
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
os.dup2(listener.fileno(), 3, inheritable=True)
server = None  # ended with this process, too
for _ in open(sys.argv[2]):
    if server:
        server.kill()
        server.wait()
    # sd_listen_fds(3): the first descriptor is 3, the process has to be the one that is named
    server = subprocess.Popen(["sh", "-c", "LISTEN_PID=$$ LISTEN_FDS=1 exec pipewire"], pass_fds=[3])
    with open(sys.argv[3], "w") as pid:
        print(server.pid, file=pid)
' "$XDG_RUNTIME_DIR/pipewire-0" "$work/pipewire-starts" "$work/pipewire-pid"
  soon test -S "$XDG_RUNTIME_DIR/pipewire-0"
}

# start_pipewire: the server starts; the one before it, whose sink could be taken for the new one's, has ended.
start_pipewire() {
  rm -f "$work/pipewire-pid"
  echo start >&8
  soon test -s "$work/pipewire-pid"
}

# pipewire_settings: a sink that plays to nobody and can be recorded; nothing of the host's own devices.
pipewire_settings() {
  export XDG_CONFIG_HOME=$work/settings XDG_STATE_HOME=$work/state
  mkdir -p "$XDG_CONFIG_HOME/pipewire/pipewire.conf.d"
  cat >"$XDG_CONFIG_HOME/pipewire/pipewire.conf.d/nowhere.conf" <<'C'
context.objects = [ { factory = adapter args = {
  factory.name = support.null-audio-sink node.name = nowhere media.class = Audio/Sink audio.position = [ MONO ] audio.rate = 8000
} } ]
C
}

# pipewire_policy: the session manager, which links programs with the sink; ends with the server.
pipewire_policy() {
  soon sink_of_pipewire
  background wireplumber -c policy.conf
}
sink_of_pipewire() { [[ $(timeout 5 pw-cli list-objects Node) == *'"nowhere"'* ]]; }

# record_pipewire COMMAND...: what reaches the sink while the command runs is in file "recorded", like PulseAudio's.
record_pipewire() {
  pw-record --rate 8000 --channels 1 --format s16 --target nowhere -P '{ stream.capture.sink=true }' recorded.wav 2>>background.log &
  local recorder=$!
  background+=("$recorder")
  soon linked_to_sink
  "$@"
  kill -INT "$recorder"
  wait "$recorder" || true
  tail -c +45 recorded.wav >recorded
}
linked_to_sink() { [[ $(timeout 5 pw-link -l) == *nowhere:monitor*pw-record* ]]; }

# host_program PROGRAM [PLUGIN...]: makes a program of this computer one of the machine's, with its libraries, started as host/PROGRAM: for
# what the stand-in has not. Plugins are directories below the system's libraries.
host_program() {
  local place=$CODCHI_DATA_DIR/machine/$name/host program libraries=/usr/lib/x86_64-linux-gnu file
  program=$(type -P "$1")
  mkdir -p "$place/lib" "$place/bin"
  cp -L "$program" "$place/bin/"
  for file in "${@:2}"; do
    mkdir -p "$(dirname "$place/lib/$file")"
    cp -r "$libraries/$file" "$place/lib/$file"
  done
  # Its own loader and C library, too: they belong together.
  find "$place/bin" "$place/lib" -mindepth 1 -type f ! -name 'ld-linux*' -exec ldd {} + | awk '$2 == "=>" { print $3 } $1 ~ /ld-linux/ { print $1 }' | sort -u |
    while read -r file; do cp -Lu "$file" "$place/lib/"; done
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nhere=/home/codchi/host\nexec $here/lib/ld-linux-x86-64.so.2 --library-path $here/lib $here/bin/%s "$@"\n' "$1" >"$place/$1"
  chmod +x "$place/$1"
}

# tone FILE: two seconds of 440 Hz, 8000 samples a second, 16 bits.
tone() { python3 -c 'import math, struct, sys; open(sys.argv[1], "wb").write(b"".join(struct.pack("<h", int(20000 * math.sin(2 * math.pi * 440 * i / 8000))) for i in range(16000)))' "$1"; }

# wave FILE: the same as a WAVE file.
wave() {
  tone "$1.raw"
  python3 -c 'import sys, wave; w = wave.open(sys.argv[1], "wb"); w.setparams((1, 2, 8000, 0, "NONE", "")); w.writeframes(open(sys.argv[1] + ".raw", "rb").read()); w.close()' "$1"
}

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
keep() { [[ -z ${CODCHI_SCREENSHOTS:-} ]] || convert "$1" -strip -colors 64 "$CODCHI_SCREENSHOTS/$2"; }
