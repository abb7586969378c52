# Machines that share paths, and commands that run at the same time.
# shellcheck shell=bash disable=SC2154

scenario_garbage_of_machines_that_share_paths() {
  local first second third machine path
  module shared "$(greeting "shared $$")"
  new_name shared-a && first=$name
  new_name shared-b && second=$name
  new_name shared-c && third=$name
  for machine in "$first" "$second" "$third"; do expect 0 codchi init "$machine" "$url"; done
  # One and the same system, since it does not know its machine's name.
  same "$(readlink "$(dirname "$(profile_of "$first")")/system-1-link")" \
    "$(readlink "$(dirname "$(profile_of "$third")")/system-1-link")" "system of the first and the third"
  expect 0 codchi --yes delete "$first"
  expect 0 codchi gc --delete-old --all
  for machine in "$second" "$third"; do
    expect 0 closure_of "$machine"
    for path in $stdout; do holds test -e "$CODCHI_DATA_DIR/${path#/}"; done
    expect 0 codchi exec "$machine" greet
    prints "shared $$"
  done
  module shared "$(greeting "newer $$")"
  # A collection waits for a rebuild, and spares what it built.
  command "$CODCHI" --no-input rebuild "$second" >rebuild.log 2>&1 </dev/null &
  local rebuild=$! other
  expect 0 codchi gc
  holds wait "$rebuild"
  expect 0 codchi exec "$second" greet
  prints "newer $$"
  # Two rebuilds of one machine: one waits for the other, both succeed.
  command "$CODCHI" --no-input rebuild "$third" >rebuild.log 2>&1 </dev/null &
  other=$!
  expect 0 codchi rebuild "$third"
  holds wait "$other"
  expect 0 codchi generations "$third" --json
  same "$(jq '.generations | length' <<<"$stdout")" 2 "number of generations"
}

scenario_completion_in_zsh_and_fish() {
  new_name shells
  expect 0 codchi init "$name" --no-build
  local directory
  directory=$(dirname "$(command -v "$CODCHI")")
  if command -v fish >/dev/null; then
    expect 0 codchi completion fish
    cp out script.fish
    expect 0 env PATH="$directory:$PATH" HOME="$work" fish -c 'source script.fish; complete -C "codchi rena"'
    [[ $stdout == rename* ]] || unexpected "fish does not complete a command"
    expect 0 env PATH="$directory:$PATH" HOME="$work" fish -c "source script.fish; complete -C 'codchi start ${name%?}'"
    [[ $stdout == *"$name"* ]] || unexpected "fish does not complete a machine"
  fi
  if command -v zsh >/dev/null; then
    expect 0 codchi completion zsh
    cp out _codchi
    # shellcheck disable=SC2016 # zsh expands it
    expect 0 env PATH="$directory:$PATH" zsh -f -c 'compadd() { print -l -- ${(P)2}; }; compdef() { :; }; source ./_codchi; words=(codchi rena); CURRENT=2; _codchi'
    [[ $stdout == *rename* ]] || unexpected "zsh does not complete a command"
  fi
}
