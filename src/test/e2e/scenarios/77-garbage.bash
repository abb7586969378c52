# Garbage and the links that nix keeps paths for, in machines that run and in machines that do not.
# shellcheck shell=bash disable=SC2154

# linked MACHINE LINK TEXT: a file with TEXT in the store, kept by LINK in MACHINE; $linked is its path.
linked() {
  expect 0 codchi exec "$1" sh -c 'cd "$(mktemp -d)" && echo "$1" >kept && nix-store --add kept' - "$3 of $$"
  linked=$stdout
  expect 0 codchi exec "$1" sh -c 'mkdir -p "$(dirname "$1")" && nix-store --realise "$2" --add-root "$1"' - "$2" "$linked"
}

in_store() { holds test -e "$CODCHI_DATA_DIR/${1#/}"; }

scenario_garbage_spares_links_of_every_machine() {
  local first second link kept=() loose
  module links "$(greeting one)"
  new_name links-a && first=$name
  new_name links-b && second=$name
  expect 0 codchi init "$first" "$url"
  expect 0 codchi init "$second" "$url"

  # The same places in two machines: in the home, behind a link in the home, outside of it.
  for name in "$first" "$second"; do
    expect 0 codchi exec "$name" sh -c 'mkdir -p ~/real/deep && ln -s real ~/alias && ln -s /home/codchi/real/deep ~/far'
    for link in /home/codchi/result /home/codchi/.direnv/flake-profile /home/codchi/alias/result /home/codchi/far/result /var/tmp/work/result; do
      linked "$name" "$link" "$link $name"
      kept+=("$linked")
    done
  done
  # Of the machine's root, where only that can look.
  expect 0 codchi exec "$second" sh -c 'cd "$(mktemp -d)" && echo "$1" >kept && nix-store --add kept' - "hidden of $$"
  local hidden=$stdout
  expect 0 codchi exec "$second" sudo env NIX_REMOTE=daemon "PATH=/run/current-system/sw/bin" sh -c \
    'mkdir -m 700 /home/codchi/hidden && nix-store --realise "$1" --add-root /home/codchi/hidden/result' - "$hidden"
  expect 0 codchi exec "$first" sh -c 'cd && echo "loose '"$$"'" >loose && nix-store --add loose'
  loose=$stdout
  expect 0 codchi stop "$second"

  # A machine cannot collect, and looking for roots in one makes nobody forget any.
  expect 1 codchi exec "$first" nix-collect-garbage
  says gc-socket
  expect 1 codchi exec "$first" nix store gc --extra-experimental-features nix-command
  expect 1 codchi exec "$first" nix-store --delete "$loose"
  expect 0 codchi exec "$first" nix-store --gc --print-roots
  for link in "${kept[@]}" "$loose"; do in_store "$link"; done

  # Where it cannot be told whether a link is there, nothing is collected.
  expect 5 codchi gc
  says CODCHI-STO-005
  says "Start the machine"
  for link in "${kept[@]}" "$hidden" "$loose"; do in_store "$link"; done
  expect 0 codchi start "$second"
  expect 0 codchi gc
  in_store "$hidden"
  expect 0 codchi exec "$second" sudo rm -r /home/codchi/hidden
  expect 0 codchi stop "$second"
  expect 0 codchi exec "$first" sh -c 'cd && nix-store --add loose'

  # A link to what only looks like a path of the store keeps nothing, is nobody's order, and stops no collection.
  linked "$first" /home/codchi/evil "evil $first"
  expect 0 codchi exec "$first" sh -c 'ln -sfn "$1" ~/evil' - $'/nix/store/x\n../../../../../config/evil /nix/store/y'
  expect 0 codchi gc
  fails test -e "$CODCHI_CONFIG_DIR/evil"
  fails test -e "$CODCHI_DATA_DIR/${linked#/}"
  for link in "${kept[@]}"; do in_store "$link"; done
  expect 0 codchi exec "$first" rm /home/codchi/evil
  # A link into a path of the store keeps that.
  linked "$first" /home/codchi/inside "inside $first"
  expect 0 codchi exec "$first" sh -c 'ln -sfn "$1/below" ~/inside' - "$linked"
  expect 0 codchi gc
  in_store "$linked"
  expect 0 codchi exec "$first" rm /home/codchi/inside
  expect 0 codchi exec "$first" sh -c 'cd && nix-store --add loose'

  # What would be freed is what is freed.
  expect 0 codchi gc --dry-run --json
  local foretold=$stdout
  jq -e --arg owner "machine $first, link ~/result" '[.kept[].owner] | index($owner)' <<<"$foretold" >/dev/null || unexpected "the link in the home is not said to keep anything"
  jq -e --arg owner "machine $second, link /var/tmp/work/result" '[.kept[].owner] | index($owner)' <<<"$foretold" >/dev/null || unexpected "the link outside of the home is not said to keep anything"
  jq -e --arg path "$loose" '[.freed[].path] | index($path)' <<<"$foretold" >/dev/null || unexpected "what nobody keeps is not said to be freed"
  for link in "${kept[@]}" "$loose"; do in_store "$link"; done
  expect 0 codchi gc --json
  same "$(jq -c '[.freed[].path] | sort' <<<"$stdout")" "$(jq -c '[.freed[].path] | sort' <<<"$foretold")" "what is freed"
  for link in "${kept[@]}"; do in_store "$link"; done
  fails test -e "$CODCHI_DATA_DIR/${loose#/}"

  # A link that is gone keeps nothing; that of the other machine at the same place does.
  expect 0 codchi exec "$first" rm /home/codchi/result
  expect 0 codchi gc
  fails test -e "$CODCHI_DATA_DIR/${kept[0]#/}"
  for link in "${kept[@]:1}"; do in_store "$link"; done
  for name in "$first" "$second"; do
    expect 0 codchi exec "$name" greet
    prints one
  done
}
