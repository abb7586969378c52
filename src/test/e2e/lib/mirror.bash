# The offline mirror: an HTTP server for the static tree and for git repositories. Sourced by testbed.
# shellcheck shell=bash disable=SC2154

mirror_reachable() { [[ $(curl -fsS --noproxy '*' --max-time 5 "$mirror/public-key" 2>/dev/null) == "$(cat "$cache/www/public-key" 2>/dev/null)" ]]; }

# The static tree; from nothing this takes about two minutes, most of it for Debian packages.
build_mirror() {
  local log=$state/log/mirror-build.log
  [[ -f $cache/www/.complete ]] || echo "testbed: building the mirror, which takes about two minutes once; log: $log" >&2
  "$project/src/test/nix/mirror/build" "$cache" "$project/src/test/nix/standin" "$project/src/main/nix" >"$log" 2>&1 8>&- || {
    tail -n 15 "$log" >&2
    fail "building the mirror failed; all of it is in $log"
  }
}

mirror_up() {
  # The bridge's address goes away when LXD makes the bridge anew, so a server that runs is not yet one that answers.
  local version
  version=$(sha256sum "$here/mirror-server" | cut -c1-16)
  if mirror_reachable && [[ $(cat "$state/mirror.version" 2>/dev/null) == "$version" ]]; then return; fi
  stop_daemon "$state/mirror.pid" mirror-server
  local python
  python=$(command -v python3)
  (
    cd /
    start_daemon "$state/mirror.pid" "$state/log/mirror.log" "$python" "$here/mirror-server" "$address" "$port" "$state/git" "$cache/www"
  )
  echo "$version" >"$state/mirror.version"
  wait_until 10 mirror_reachable || fail "the mirror does not answer at $mirror; see $state/log/mirror.log"
}

mirror_down() { stop_daemon "$state/mirror.pid" mirror-server; }

mirror_status() {
  if ! mirror_reachable; then
    echo "mirror: not reachable at $mirror"
    return
  fi
  echo "mirror: $mirror/"
  (
    shopt -s nullglob
    cd "$state/git" && for repository in *.git; do echo "        git+$mirror/$repository?ref=main"; done
  )
}

# publish NAME DIR (NAME may be private/NAME, which needs a password): one commit per change of DIR on branch main of NAME.git, ready for the dumb HTTP protocol.
publish() {
  local title=$1 source repository
  source=$(readlink -f "$2")
  repository=$state/git/$title.git
  [[ -d $source ]] || fail "$2 is no directory"
  local -a git=(env HOME=/ GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 "GIT_DIR=$repository" "GIT_WORK_TREE=$source"
    GIT_AUTHOR_NAME=testbed GIT_AUTHOR_EMAIL=testbed@localhost
    GIT_COMMITTER_NAME=testbed GIT_COMMITTER_EMAIL=testbed@localhost git)
  (
    cd "$source" || fail "cannot enter $source"
    as_user mkdir -p "${repository%/*}"
    [[ -d $repository ]] || as_user env HOME=/ GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 git init --quiet --bare --initial-branch=main "$repository"
    as_user "${git[@]}" add --all --force .
    as_user "${git[@]}" diff --cached --quiet 2>/dev/null || as_user "${git[@]}" commit --quiet --message "Content of $title"
    as_user "${git[@]}" update-server-info
  )
}

publish_examples() {
  local directory
  for directory in "$project"/src/main/nix/examples/*/ "$here"/modules/*/; do
    [[ -f $directory/flake.nix ]] || continue
    publish "$(basename "$directory")" "$directory"
  done
}
