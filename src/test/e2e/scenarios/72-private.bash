# Private repositories: what opens them is kept as a secret, and is nowhere else.
# shellcheck shell=bash disable=SC2154

private_begin() {
  export CODCHI_SECRETS_PROVIDER=keyfile CODCHI_SECRETS_KEY_FILE=$work/key
  token=testbed-token
}

# private_module NAME TEXT: like 'module', but the server wants a password.
private_module() {
  mkdir -p "$work/private-$1"
  printf '{ outputs = { self }: { nixosModules.default = %s; }; }\n' "$2" >"$work/private-$1/flake.nix"
  "$here/testbed" publish "private/$1-$$" "$work/private-$1"
  path=${CODCHI_TESTBED_MIRROR#http://}/private/$1-$$.git?ref=main
}

# The token is in no file of codchi's but the sealed vault, and in none of the store.
token_is_nowhere() {
  local found
  found=$(grep -rlaF -- "$token" "$CODCHI_CONFIG_DIR" "$CODCHI_DATA_DIR/log" "$CODCHI_DATA_DIR/store" "$CODCHI_DATA_DIR/journal" "$CODCHI_DATA_DIR/lock" 2>/dev/null || true)
  same "$found" "" "files with the token"
  [[ ! -d $CODCHI_DATA_DIR/store/access ]] || same "$(ls "$CODCHI_DATA_DIR/store/access")" "" "what is left of the access"
}

scenario_private_repository_with_a_token_in_its_address() {
  private_begin
  new_name private
  private_module url "$(greeting private)"
  expect 0 codchi init "$name" "git+http://me:$token@$path"
  says "kept as a secret"
  [[ $stderr != *"$token"* ]] || unexpected "the token is shown"
  expect 0 codchi exec "$name" greet
  prints private
  fails grep -q "$token" "$CODCHI_CONFIG_DIR/machine/$name/flake.lock"
  expect 0 codchi secrets list "$name" --json
  same "$(jq -r '[.secrets[] | .kind] | join(" ")' <<<"$stdout")" token "kinds of secrets"
  token_is_nowhere

  # Later it is found without being given again.
  private_module url "$(greeting changed)"
  expect 0 codchi rebuild "$name"
  expect 0 codchi exec "$name" greet
  prints changed
  token_is_nowhere
}

scenario_private_repository_with_a_token_given_apart() {
  private_begin
  new_name private
  private_module auth "$(greeting private)"
  expect 6 codchi init "$name" "git+http://$path"
  says CODCHI-NIX-002
  says "--auth"
  expect 2 codchi init "$name" "git+http://me:$token@$path" --auth env:HOME
  expect 2 codchi init "$name" ssh://git@localhost/x --auth env:HOME
  expect 2 codchi init "$name" "git+http://$path" --auth env:NOTHING
  export WRONG=wrong-token
  expect 6 codchi init "$name" "git+http://$path" --auth env:WRONG
  says CODCHI-NIX-002
  printf '%s\n' "$token" >"$work/token"
  expect 0 codchi init "$name" "git+http://$path" --auth "file:$work/token"
  expect 0 codchi exec "$name" greet
  prints private

  # Killed while nix has the token: the next run removes what is left.
  private_module auth "$(greeting again)"
  local moment
  for moment in 0.6 1 1.5 2; do kill_after "$moment" "$CODCHI" --no-input rebuild "$name" || true; done
  expect 0 codchi status
  token_is_nowhere
  rm "$work/token"
  token_is_nowhere

  # A name that is taken: the token is not put among the other machine's secrets.
  expect 0 codchi secrets unset "$name" "${path%%/*}" --kind token
  expect 4 codchi init "$name" "git+http://me:$token@$path"
  expect 0 codchi secrets list "$name" --json
  same "$(jq '.secrets | length' <<<"$stdout")" 0 "number of secrets"
}

# ssh_forge: a server with the test bed's repositories behind SSH; $forge begins their addresses. Its key is not known yet, and the agent has none.
ssh_forge() {
  local sshd address=${CODCHI_TESTBED_MIRROR#http://}
  forge_port=$((20000 + $$ % 20000))
  address=${address%%:*}
  sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd)
  ssh-keygen -q -t ed25519 -N '' -f host_key
  ssh-keygen -q -t ed25519 -N '' -f user_key
  cat >sshd_config <<C
Port $forge_port
ListenAddress $address
HostKey $work/host_key
AuthorizedKeysFile $work/user_key.pub
PidFile $work/sshd.pid
StrictModes no
UsePAM no
C
  "$sshd" -f "$work/sshd_config" -E "$work/sshd.log"
  # An agent and a home of its own, for the server's key.
  eval "$(ssh-agent -s)" >/dev/null
  trap 'kill "$SSH_AGENT_PID" "$(<"$work/sshd.pid")"; tidy >/dev/null 2>&1' EXIT
  forge=git+ssh://$(id -un)@$address:$forge_port$CODCHI_TESTBED_GIT
  mkdir -p home/.ssh
  export HOME=$work/home
}

ssh_forge_is_known() {
  local address=${CODCHI_TESTBED_MIRROR#http://}
  printf '[%s]:%s %s\n' "${address%%:*}" "$forge_port" "$(cut -d' ' -f1-2 host_key.pub)" >home/.ssh/known_hosts
}

scenario_private_repository_over_ssh() {
  private_begin
  new_name ssh
  module ssh "$(greeting "over ssh")"
  ssh_forge
  local repository="$forge/ssh-$$.git?ref=main"
  expect 6 codchi init "$name" "$repository"
  says CODCHI-NIX-002
  ssh_forge_is_known
  expect 6 codchi init "$name" "$repository"
  says CODCHI-NIX-002
  ssh-add -q user_key
  expect 0 codchi init "$name" "$repository"
  expect 0 codchi exec "$name" greet
  prints "over ssh"
}
