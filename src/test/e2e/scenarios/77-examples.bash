# The examples, as a person tries them. Booted are those whose packages the stand-in has; the others need nixpkgs and are evaluated for each
# driver by src/test/nix/modules/run.
# shellcheck shell=bash disable=SC2154

# example NAME: offers it as it lies in the project; $url is its reference.
example() {
  "$here/testbed" publish "example-$1-$$" "$here/../../main/nix/examples/$1"
  url="git+$CODCHI_TESTBED_MIRROR/example-$1-$$.git?ref=main"
}

# healthy NAME: the machine has booted, and no unit failed.
healthy() {
  expect 0 codchi exec "$1" systemctl is-system-running
  prints running
}

scenario_examples_boot() {
  new_name ex-empty
  example empty
  expect 0 codchi init "$name" "$url"
  healthy "$name"
  expect 0 codchi --yes delete "$name"

  new_name ex-hello
  example hello
  expect 0 codchi init "$name" "$url"
  healthy "$name"
  expect 0 codchi exec "$name" hello
  prints "Hello, world!"
  expect 0 codchi --yes delete "$name"

  new_name ex-docker
  example docker
  expect 0 codchi init "$name" "$url"
  healthy "$name"
  expect 0 codchi exec "$name" grep -c nginx demo/compose.yaml
  prints 1
  expect 0 codchi --yes delete "$name"
}

scenario_example_secrets_boots() {
  new_name ex-secrets
  export CODCHI_SECRETS_PROVIDER=keyfile CODCHI_SECRETS_KEY_FILE=$work/key
  example secrets
  # It says what it needs, and where that is from.
  expect 2 codchi init "$name" "$url"
  says "gitlab.example.com"
  says "codchi secrets set $name registry-password --kind file"
  printf 'it'"'"'s $ecret' >token
  echo hunter2 >password
  expect 0 codchi secrets set "$name" GITLAB_TOKEN --kind env --file token
  expect 0 codchi secrets set "$name" registry-password --kind file --file password
  expect 0 codchi init "$name" "$url"
  healthy "$name"
  expect 0 codchi exec "$name" printenv CODCHI_GITLAB_TOKEN
  prints "it's \$ecret"
  expect 0 codchi exec "$name" systemctl is-active registry-check
  prints active
  expect 1 codchi exec "$name" cat /run/codchi/secrets/files/registry-password
  # A changed password restarts the service that reads it.
  expect 0 codchi exec "$name" systemctl show --property=InvocationID registry-check
  local before=$stdout
  echo hunter3 >password
  expect 0 codchi secrets set "$name" registry-password --file password
  expect 0 codchi exec "$name" systemctl show --property=InvocationID registry-check
  [[ $stdout != "$before" ]] || unexpected "the service has not restarted"
}
