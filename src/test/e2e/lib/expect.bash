# What scenarios are written with. Sourced by run; every scenario runs in a subshell of its own, in an empty directory.
# shellcheck shell=bash disable=SC2154

# codchi ARG...: run it; never asks, never waits for input.
codchi() { command "$CODCHI" --no-input "$@" </dev/null; }

# expect STATUS COMMAND...: run it, keep its streams in $stdout and $stderr, and fail unless it exits with STATUS.
expect() {
  local wanted=$1 status=0
  shift
  last_command="$*"
  "$@" >out 2>err || status=$?
  stdout=$(<out) stderr=$(<err)
  ((status == wanted)) || unexpected "exit status $status instead of $wanted from: $*"
}

# says TEXT: standard error of the last 'expect' contains TEXT.
says() { [[ $stderr == *"$1"* ]] || unexpected "standard error lacks: $1"; }

# prints TEXT: standard output of the last 'expect' is exactly TEXT.
prints() { [[ $stdout == "$1" ]] || unexpected "standard output is not: $1"; }

# holds COMMAND...: the command succeeds.
holds() { "$@" || unexpected "does not hold: $*"; }

# fails COMMAND...: the command does not succeed.
fails() { if "$@" >/dev/null 2>&1; then unexpected "should not hold: $*"; fi; }

# same A B WHAT: two values are equal.
same() { [[ $1 == "$2" ]] || unexpected "$3 differs: '$1' and '$2'"; }

# record FILE [COMMAND]: what the last 'expect' ran (or a shorter name for it) and was told, for docs/, when CODCHI_SCREENSHOTS names a directory.
record() {
  [[ -n ${CODCHI_SCREENSHOTS:-} ]] || return 0
  local file=$CODCHI_SCREENSHOTS/$1.txt
  [[ -e $work/.recorded-$1 ]] || : >"$file"
  : >"$work/.recorded-$1"
  {
    printf '$ %s\n' "${2:-$last_command}"
    if [[ -s out ]]; then cat out; else grep -m 1 certif err || tail -n 1 err; fi
  } | sed "s|$CODCHI_DATA_DIR|~/.local/share/codchi|g; s|$work|~|g; s|$CODCHI_TESTBED_MIRROR|http://mirror|g; s|$CODCHI_INSTANCE_PREFIX-|codchi-|g; s|$name|web|g
    s|$(id -un)|person|g; s| *$||" >>"$file"
}

unexpected() {
  local depth
  echo "FAILED: $1"
  for ((depth = 1; depth < ${#FUNCNAME[@]} - 1; depth++)); do echo "  at ${BASH_SOURCE[depth + 1]##*/}:${BASH_LINENO[depth]}"; done
  if [[ -f out ]]; then printf '  stdout: %s\n  stderr: %s\n' "$(tail -c 2000 out)" "$(tail -c 4000 err)"; fi
  exit 1
}

# One name per scenario, so that what one leaves behind cannot help or harm another.
machines=()
new_name() {
  name=e2e-$1-$$
  machines+=("$name")
}

# background COMMAND...: run it until the scenario ends; its output goes to the file "background.log", its pid to $!.
background=()
background() {
  "$@" >>background.log 2>&1 </dev/null &
  background+=($!)
}

# soon COMMAND...: the command succeeds within some seconds, for what no program waits for.
soon() {
  local deadline=$((SECONDS + 15))
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || unexpected "does not come to hold: $*"
    read -rt 0.1 <> <(:) || :
  done
}

# After a scenario, however it ended.
tidy() {
  local machine pid
  for pid in "${background[@]}"; do kill "$pid" 2>/dev/null || true; done
  for machine in "${machines[@]}"; do codchi --yes delete "$machine" || true; done
}

# module NAME TEXT: offer a repository whose flake has TEXT as nixosModules.default; $url is its reference.
module() {
  mkdir -p "$work/module-$1"
  printf '{ outputs = { self }: { nixosModules.default = %s; }; }\n' "$2" >"$work/module-$1/flake.nix"
  "$here/testbed" publish "$1-$$" "$work/module-$1"
  url="git+$CODCHI_TESTBED_MIRROR/$1-$$.git?ref=main"
}

# A module with command "greet" that prints $1.
greeting() { printf '{ pkgs, ... }: { environment.systemPackages = [ (pkgs.writeShellScriptBin "greet" "echo %s") ]; }' "$1"; }

container_of() { echo "$CODCHI_INSTANCE_PREFIX-$1"; }

# rest PATH: GET from the container daemon; fails when it answers so.
rest() { curl -fsS --unix-socket "$CODCHI_LXD_SOCKET" "http://daemon$1"; }

# absent PATH: the container daemon answers that there is no such thing.
absent() { same "$(curl -sS -o /dev/null -w '%{http_code}' --unix-socket "$CODCHI_LXD_SOCKET" "http://daemon$1")" 404 "HTTP status of $1"; }
