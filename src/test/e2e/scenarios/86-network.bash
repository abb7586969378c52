# The person's network: certificate authorities and proxies, in codchi itself, in the store and in machines.
# shellcheck shell=bash disable=SC2154

# peer KIND ARG...: a server of this scenario on the bridge; $port is where.
peer() {
  "$here/network-peer" "$1" "$bridge_address" "${@:2}" >"$work/port" 2>"$work/peer.log" &
  background+=($!)
  until [[ -s $work/port ]]; do read -rt 0.05 <> <(:) || :; done
  port=$(<"$work/port")
  : >"$work/port"
}

network_begin() {
  trap 'codchi certs remove "$name" >/dev/null 2>&1 || true; tidy >/dev/null 2>&1' EXIT
  bridge_address=${CODCHI_TESTBED_MIRROR#http://}
  bridge_address=${bridge_address%:*}
}

# tls_server: an HTTPS server whose certificate only $work/ca.pem explains; $site is its address.
tls_server() {
  local -a ec=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2)
  openssl req -x509 "${ec[@]}" -keyout ca.key -out ca.pem -subj "/O=codchi e2e/CN=$name" 2>openssl.log
  openssl req "${ec[@]}" -keyout server.key -out server.csr -subj "/CN=$bridge_address" 2>>openssl.log
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out server.pem \
    -extfile <(echo "subjectAltName=IP:$bridge_address") 2>>openssl.log
  mkdir site
  echo "over TLS" >site/hello
  peer tls server.pem server.key site
  site=https://$bridge_address:$port
}

# nix_fetches STATUS NAME: nix itself, and its daemon for a build, fetch the file; a NAME of its own each time, because nix remembers.
nix_fetches() {
  cp site/hello "site/$2"
  expect "$1" codchi store shell -- nix eval --impure --raw --expr "builtins.readFile (builtins.fetchurl \"$site/$2\")"
  echo "$2" >"site/$2"
  nix_builds "$1" "$2" "$site/$2" "site/$2"
}

# nix_builds STATUS NAME URL FILE: a build that fetches a file, which nix' daemon does.
nix_builds() {
  local sum
  sum=$(sha256sum <"$4")
  expect "$1" codchi store shell -- nix build --impure --no-link --expr "derivation { name = \"$2\"; system = \"builtin\"; builder = \"builtin:fetchurl\";
    url = \"$3\"; outputHashMode = \"flat\"; outputHashAlgo = \"sha256\"; outputHash = \"${sum%% *}\"; }"
}

# online: the machine's network is up; of a start only codchi-init waits for it.
online() { expect 0 codchi exec "$name" sudo systemctl start network-online.target; }

scenario_certificates_of_the_host_reach_the_store() {
  new_name certs-store
  network_begin
  tls_server
  expect 0 codchi store status

  # The very first download: without the authority it fails, with it the file arrives (and is no nix release).
  cp site/hello site/nix.tar.xz
  local -a fresh=(env "CODCHI_DATA_DIR=$work/data" "CODCHI_CONFIG_DIR=$work/config" "CODCHI_INSTANCE_PREFIX=${CODCHI_INSTANCE_PREFIX}fresh"
    "CODCHI_STORE_NIX_URL=$site/nix.tar.xz" "CODCHI_STORE_NIX_SHA256=$(sha256sum <site/hello | cut -d' ' -f1)")
  expect 5 "${fresh[@]}" "$CODCHI" --no-input store shell -- true
  says CODCHI-STO-001
  expect 5 "${fresh[@]}" "CODCHI_CERTS_BUNDLE=$work/ca.pem" "$CODCHI" --no-input store shell -- true
  says CODCHI-STO-003

  nix_fetches 1 "before-$$"
  # Damaged, and not there: nothing is taken.
  sed 's/MI/MJ/' ca.pem >damaged.pem
  expect 2 codchi certs add damaged.pem --name "$name"
  says CODCHI-NET-001
  expect 2 codchi certs add server.key --name "$name"
  says CODCHI-NET-001
  expect 0 codchi certs add ca.pem --name "$name"
  says "CN=$name"
  expect 4 codchi certs add server.pem --name "$name"
  expect 0 codchi --json certs list
  same "$(jq -r --arg name "$name" '.authorities[] | select(.name == $name) | .sha256' out)" \
    "$(openssl x509 -in ca.pem -outform der | sha256sum | cut -d' ' -f1)" "fingerprint"
  # The store runs all the time, and its nix and the daemon's builds take it at once.
  nix_fetches 0 "with-$$"
  expect 0 codchi certs remove "$name"
  expect 3 codchi certs remove "$name"
  says CODCHI-NET-003
  nix_fetches 1 "after-$$"
}

scenario_proxies_of_the_host_reach_the_store() {
  new_name proxy-store
  network_begin
  mkdir site
  : >requests
  : >"$work/canaries"
  canary
  local secret=$word
  peer proxy "$work/requests" "me:$secret"
  site=http://behind-the-proxy.test
  echo "by proxy" >site/hello
  expect 0 codchi store shell -- true
  nix_through 1 "none-$$"
  fails grep -q . requests
  export http_proxy="http://me:$secret@$bridge_address:$port" no_proxy=example.org
  # nix, and its daemon that has been running since before.
  nix_through 0 "with-$$"
  holds grep -q "$site/with-$$-eval let in" requests
  holds grep -q "$site/with-$$-build let in" requests
  # Neighbours are reached without it.
  # The store has no curl of its own.
  expect 0 codchi store shell -- nix eval --impure --raw --expr "builtins.readFile (builtins.fetchurl { url = \"$CODCHI_TESTBED_MIRROR/public-key?$$\"; name = \"key\"; })"
  fails grep -q "$CODCHI_TESTBED_MIRROR" requests
  # shellcheck disable=SC2016 # expanded in the store
  expect 0 codchi store shell -- sh -c 'echo "$no_proxy"'
  [[ $stdout == *"example.org,localhost,127.0.0.1,::1,$bridge_address,${bridge_address%.*}.0/24"* ]] || unexpected "no_proxy lacks something"
  # The password is in one file, which is the person's alone.
  grep -rlaFf "$work/canaries" --exclude-dir=nix --exclude-dir=machine "$CODCHI_DATA_DIR" >hits || true
  same "$(<hits)" "$CODCHI_DATA_DIR/store/proxy" "files with the proxy's password"
  same "$(stat -c '%a %U' "$(<hits)")" "600 $(id -un)" "whose it is"
  # A wrong password shows nowhere, and neither does the right one.
  export http_proxy="http://me:${secret}x@$bridge_address:$port"
  nix_through 1 "wrong-$$"
  holds grep -q "wrong-$$-eval refused" requests
  unset http_proxy no_proxy
  nix_through 1 "again-none-$$"
  grep -rlaFf "$work/canaries" "$CODCHI_CONFIG_DIR" "$CODCHI_DATA_DIR/log" "$CODCHI_DATA_DIR/store" >hits 2>/dev/null || true
  same "$(<hits)" "" "files with the proxy's password"
  expect 2 codchi --set "proxy.http=http://me:$secret@x:1" store shell -- true
  says CODCHI-CFG-001
  fails grep -q "$secret" err
}

scenario_a_running_store_takes_other_settings() {
  local before cache="http://other-cache-$$.test"
  expect 0 codchi store shell -- cat /run/nix-daemon.pid
  before=$stdout
  expect 0 codchi --set "store.substituters=$CODCHI_STORE_SUBSTITUTERS $cache" store shell -- cat /etc/nix/nix.conf /run/nix-daemon.pid
  [[ $stdout == *"substituters = $CODCHI_STORE_SUBSTITUTERS $cache"$'\n'* ]] || unexpected "the cache is not there"
  [[ ${stdout##*$'\n'} != "$before" ]] || unexpected "the daemon is still that of before"
  expect 0 codchi store shell -- cat /etc/nix/nix.conf /run/nix-daemon.pid
  [[ $stdout != *"$cache"* ]] || unexpected "the cache is still there"
  before=${stdout##*$'\n'}
  # Nothing to take over, nothing that starts anew.
  expect 0 codchi store shell -- cat /run/nix-daemon.pid
  prints "$before"
}

# nix_through STATUS NAME: nix itself, and its daemon for a build, fetch what only the proxy has.
nix_through() {
  expect "$1" codchi store shell -- nix eval --impure --raw --expr "builtins.readFile (builtins.fetchurl \"$site/$2-eval\")"
  nix_builds "$1" "$2" "$site/$2-build" site/hello
  cat out err >>said
  fails grep -qaFf "$work/canaries" said
}

# curl_accepts STATUS: curl in the machine ends so, as a program of the person and in a service of the machine.
curl_accepts() {
  expect "$1" codchi exec "$name" curl -fsS "$site/hello"
  expect "$1" codchi exec "$name" sudo systemd-run --wait --pipe --quiet curl -fsS "$site/hello"
}

scenario_certificates_of_the_host_reach_machines() {
  new_name certs
  network_begin
  tls_server
  module certs "{ pkgs, ... }: { environment.systemPackages = [ pkgs.curl pkgs.git ]; }"
  expect 0 codchi init "$name" "$url"
  online
  curl_accepts 60
  # The machine runs on, and its next program trusts what was added.
  expect 0 codchi certs add ca.pem --name "$name"
  curl_accepts 0
  prints "over TLS"
  # Programs with authorities of their own are told where these are.
  # shellcheck disable=SC2016 # expanded in the machine
  expect 0 codchi exec "$name" sh -c 'for v in NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE PIP_CERT GIT_SSL_CAINFO; do eval "echo \$$v"; done | sort -u'
  prints /etc/ssl/certs/ca-certificates.crt
  expect 128 codchi exec "$name" git ls-remote "$site/none.git"
  fails grep -qi certificate err
  expect 1 codchi exec "$name" nix eval --impure --expr 'builtins.fetchurl "'"$site"'/absent"'
  says 404
  # Java is told of another place.
  # shellcheck disable=SC2016 # expanded in the machine
  expect 0 codchi exec "$name" sh -c 'echo $JAVAX_NET_SSL_TRUSTSTORE'
  prints /var/lib/codchi/host/cacerts

  # What the machine's own configuration trusts stays, without the host's.
  expect 0 codchi certs remove "$name"
  curl_accepts 60
  module certs "{ pkgs, ... }: { environment.systemPackages = [ pkgs.curl ]; security.pki.certificates = [ ''$(<ca.pem)'' ]; }"
  expect 0 codchi rebuild "$name"
  curl_accepts 0
  expect 0 codchi restart "$name"
  online
  curl_accepts 0
  # A host whose bundle is damaged: the sound entries hold, and doctor tells.
  { cat ca.pem && sed 's/MI/MJ/' ca.pem; } >half.pem
  codchi --set "certs.bundle=$work/half.pem" doctor >out || true
  holds grep -q 'certificates.*1 entries are damaged' out
}

# Clients with authorities of their own, run in a machine: the stand-in system has none of them, so they are the host's, copied there.
scenario_certificates_of_the_host_reach_java_python_and_node() {
  new_name clients
  network_begin
  tls_server
  expect 0 codchi init "$name"
  bring_clients "$CODCHI_DATA_DIR/machine/$name/clients"
  online
  clients_accept 1
  expect 0 codchi certs add ca.pem --name "$name"
  clients_accept 0
  # The trust store, read with Java's own program: the test's authority, and all that the computer trusts.
  local sum
  sum=$(openssl x509 -in ca.pem -noout -fingerprint -sha256 | cut -d = -f 2)
  "${java%/*}/keytool" -list -keystore "$CODCHI_DATA_DIR/host/$name/files/cacerts" -storepass changeit >truststore 2>&1 || unexpected "keytool: $(<truststore)"
  holds grep -q "$sum" truststore
  same "$(grep -c trustedCertEntry truststore)" "$(($(grep -c 'BEGIN CERTIFICATE' /etc/ssl/certs/ca-certificates.crt) + 1))" "number of authorities for Java"
  # A new boot keeps it, and it can be taken back.
  expect 0 codchi restart "$name"
  online
  clients_accept 0
  expect 0 codchi certs remove "$name"
  clients_accept 1
}

# bring_clients DIRECTORY: Python, a small Java and, where the host has it, Node, which run where there is nothing but a C library and OpenSSL;
# $java is the host's Java that the small one was made by.
bring_clients() {
  local library
  library=$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
  mkdir -p "$1/lib"
  cp -r "$library" "$1/lib/"
  cp "$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')" "$1/python3"
  cat >Accepts.java <<'J'
import java.net.URI;
public class Accepts {
  public static void main(String[] arguments) throws Exception {
    System.out.write(URI.create(arguments[0]).toURL().openStream().readAllBytes());
    System.out.flush();
  }
}
J
  java=$(readlink -f "$(type -P "${JAVA_HOME:+$JAVA_HOME/bin/}java")")
  "${java%/*}/javac" -d "$1" Accepts.java
  "${java%/*}/jlink" --add-modules java.base,jdk.crypto.ec --output "$1/java"
  has_node=false
  if type -P node >/dev/null && [[ $(ldd "$(readlink -f "$(type -P node)")") != *libnode* ]]; then
    cp "$(readlink -f "$(type -P node)")" "$1/node"
    has_node=true
  fi
}

# clients_accept STATUS: each of them ends so when it fetches a file, without being told anything of authorities but by the environment.
clients_accept() {
  expect "$1" codchi exec "$name" env PYTHONHOME=clients clients/python3 -c "import urllib.request as r; print(r.urlopen('$site/hello').read().decode(), end='')"
  trusted "$1"
  record certificates "codchi exec web python3 ... $site/hello"
  if $has_node; then
    expect "$1" codchi exec "$name" clients/node -e "require('https').get('$site/hello', answer => answer.pipe(process.stdout)).on('error', problem => { console.error(problem.message); process.exit(1) })"
    trusted "$1"
    record certificates "codchi exec web node ... $site/hello"
  fi
  # JDKs of nixpkgs read the variable by themselves, this one does not.
  # shellcheck disable=SC2016 # expanded in the machine
  expect "$1" codchi exec "$name" sh -c 'exec clients/java/bin/java -Djavax.net.ssl.trustStore="$JAVAX_NET_SSL_TRUSTSTORE" -cp clients Accepts "$1"' - "$site/hello"
  trusted "$1"
  record certificates "codchi exec web java ... $site/hello"
}

# trusted STATUS: the client has read the file, or it is the certificate that it has refused.
trusted() {
  if (($1)); then says certif; else prints "over TLS"; fi
}

scenario_proxies_of_the_host_reach_machines() {
  new_name proxy
  network_begin
  : >requests
  : >"$work/canaries"
  canary
  local secret=$word
  peer proxy "$work/requests" "me:$secret"
  module proxy "{ pkgs, ... }: { environment.systemPackages = [ pkgs.curl ]; }"
  local proxy=http://me:$secret@$bridge_address:$port
  export http_proxy=$proxy HTTPS_PROXY=$proxy no_proxy=.example.org
  expect 0 codchi -v init "$name" "$url"
  cat out err >>said
  online
  expect 0 codchi exec "$name" curl -fsS http://behind-the-proxy.test/first
  prints "by proxy"
  expect 0 codchi exec "$name" sudo curl -fsS http://behind-the-proxy.test/root
  expect 0 codchi exec "$name" systemd-run --user --wait --pipe --quiet curl -fsS http://behind-the-proxy.test/service
  expect 22 codchi exec "$name" curl -fsS https://behind-the-proxy.test/tunnel
  same "$(sed 's|http://behind-the-proxy.test/||' requests)" "$(printf '%s let in\n' 'GET first' 'GET root' 'GET service' 'CONNECT behind-the-proxy.test:443')" "requests"
  expect 0 cat requests
  record proxy "what the proxy logged"
  # Neighbours, the machine itself and what the person excepts are reached directly.
  expect 0 codchi exec "$name" curl -fsS "$CODCHI_TESTBED_MIRROR/public-key"
  # shellcheck disable=SC2016 # expanded in the machine
  expect 0 codchi exec "$name" sh -c 'echo "$NO_PROXY"'
  prints ".example.org,localhost,127.0.0.1,::1,$bridge_address,${bridge_address%.*}.0/24,$name"
  fails grep -q "$CODCHI_TESTBED_MIRROR" requests
  # In the machine the password is in memory, and its user's and root's alone. (It is given on standard input: sudo logs arguments.)
  # shellcheck disable=SC2016 # expanded in the machine
  expect 0 command "$CODCHI" --no-input exec "$name" sudo sh -c 'for f in $(grep -rlaFf - --devices=skip /run /etc /var /home /root /tmp 2>/dev/null); do stat -f -c %T "$f"; stat -c %A "$f" | cut -c 5-; done | sort -u' <"$work/canaries"
  prints $'------\ntmpfs'
  # Another proxy, none, and one that no machine reaches: a machine that runs follows.
  export http_proxy=http://$bridge_address:1
  expect 7 codchi exec "$name" curl -fsS http://behind-the-proxy.test/other
  unset http_proxy HTTPS_PROXY
  expect 6 codchi exec "$name" curl -fsS http://behind-the-proxy.test/direct
  export http_proxy=http://127.0.0.1:3128
  expect 6 codchi exec "$name" curl -fsS http://behind-the-proxy.test/local
  codchi doctor >out || true
  holds grep -q "127.0.0.1:3128 listens on this computer only" out
  # The password is nowhere that others see, and not in the machine's definition.
  export http_proxy=$proxy
  expect 0 codchi --json status
  cat out err >>said
  fails grep -qaF "$secret" said
  grep -rlaF "$secret" "$CODCHI_CONFIG_DIR" "$CODCHI_DATA_DIR/log" >hits 2>/dev/null || true
  same "$(<hits)" "" "files with the proxy's password"
  rest "/1.0/instances/$(container_of "$name")" >instance
  fails grep -qaF "$secret" instance
  unset http_proxy
  # Names are asked of the bridge, which follows the host.
  # shellcheck disable=SC2016 # expanded in the store
  expect 0 codchi store shell -- sh -c 'read -r _ server </etc/resolv.conf; echo $server'
  prints "$bridge_address"
}

scenario_ssh_agent_of_the_host_signs_in_machines() {
  new_name agent
  network_begin
  export XDG_RUNTIME_DIR=$work/run
  mkdir -m 700 "$XDG_RUNTIME_DIR"
  unset SSH_AUTH_SOCK
  ssh-keygen -q -t ed25519 -N '' -C "key of $name" -f key
  module agent "{ pkgs, ... }: { environment.systemPackages = [ pkgs.openssh ]; }"
  background ssh-agent -D -a "$work/agent.socket"
  local first=$!
  soon test -S "$work/agent.socket"
  SSH_AUTH_SOCK=$work/agent.socket ssh-add -q key
  export SSH_AUTH_SOCK=$work/agent.socket

  # Nobody gets it without being asked for.
  expect 0 codchi init "$name" "$url"
  expect 2 codchi exec "$name" ssh-add -l
  expect 0 codchi capabilities allow "$name" ssh-agent
  expect 0 codchi exec "$name" ssh-add -l
  [[ $stdout == *"key of $name"* ]] || unexpected "the agent does not offer the key"
  record ssh-agent
  # It signs, and the key itself stays outside.
  ssh-keygen -y -f key >key.pub
  cp key.pub "$CODCHI_DATA_DIR/machine/$name/"
  expect 0 codchi exec "$name" sh -c "echo text | ssh-keygen -q -Y sign -n test -f key.pub"
  # The agent is started anew at the same place; then another one, of a session.
  kill "$first"
  tail --pid="$first" -f /dev/null
  rm -f "$work/agent.socket"
  background ssh-agent -D -a "$work/agent.socket"
  first=$!
  soon test -S "$work/agent.socket"
  expect 1 codchi exec "$name" ssh-add -l
  [[ $stdout == *"no identities"* ]] || unexpected "this is another agent"
  background ssh-agent -D -a "$XDG_RUNTIME_DIR/agent"
  soon test -S "$XDG_RUNTIME_DIR/agent"
  export SSH_AUTH_SOCK=$XDG_RUNTIME_DIR/agent
  ssh-add -q key
  expect 0 codchi exec "$name" ssh-add -l
  [[ $stdout == *"key of $name"* ]] || unexpected "the session's agent does not offer the key"
  # A dead one: the machine starts without it. And no longer wanted.
  export SSH_AUTH_SOCK=$work/nowhere
  expect 0 codchi restart "$name"
  expect 2 codchi exec "$name" ssh-add -l
  export SSH_AUTH_SOCK=$XDG_RUNTIME_DIR/agent
  expect 0 codchi exec "$name" ssh-add -l
  expect 0 codchi capabilities deny "$name" ssh-agent
  expect 2 codchi exec "$name" ssh-add -l
}

# user_systemd: the systemd of a session begins, with $XDG_RUNTIME_DIR and $HOME; it ends with the scenario.
user_systemd() {
  echo "$XDG_RUNTIME_DIR $HOME" >"$CODCHI_TESTBED_SESSIONS/ask"
  soon systemctl --user is-active basic.target
}

# units: the units of codchi in the session.
units() { systemctl --user list-units --all --plain --no-legend 'codchi-git-credentials-*' | awk '{ print $1, $3, $4 }'; }
no_questions_open() { [[ $(units) != *@* ]]; }

no_user_systemd() { ! systemctl --user show --property=Version; }

# clones STATUS DIRECTORY: git in the machine clones the private repository; no person is there to be asked.
clones() {
  expect "$1" codchi exec "$name" env GIT_TERMINAL_PROMPT=0 git clone -q "$repository" "$2"
}

# asks_for PROTOCOL HOST: git in the machine asks its helpers for a password.
asks_for() {
  # shellcheck disable=SC2016 # expanded in the machine
  codchi exec "$name" sh -c 'printf "protocol=%s\nhost=%s\n" "$1" "$2" | GIT_TERMINAL_PROMPT=0 git credential fill' sh "$1" "$2"
}

# logged TEXT: codchi.log has a line on a question of the machine that ends so.
logged() { grep -qF "git in $name asked $1" "$CODCHI_DATA_DIR/log/codchi.log"; }

scenario_git_credentials_of_the_host_answer_machines() {
  new_name gitcred
  export XDG_RUNTIME_DIR=$work/run HOME=$work/home
  mkdir -m 700 "$XDG_RUNTIME_DIR"
  mkdir "$HOME"
  module gitcred "{ pkgs, ... }: { environment.systemPackages = [ pkgs.git ]; }"
  "$here/testbed" publish "private/gitcred-$$" "$work/module-gitcred"
  local repository=$CODCHI_TESTBED_MIRROR/private/gitcred-$$.git server=$CODCHI_TESTBED_MIRROR token=testbed-token
  offered() { codchi capabilities list "$name" --json | jq -r '.capabilities[] | select(.name == "git-credentials") | .offered + ": " + .finding'; }
  expect 0 codchi init "$name" "$url"
  same "$(offered)" "absent: no systemd of yours runs (systemctl --user)" "what a computer without systemd offers"
  if [[ -z ${CODCHI_TESTBED_SESSIONS:-} ]]; then
    echo "only root can start the systemd of a session: the rest was left out"
    return
  fi
  trap 'echo end >"$CODCHI_TESTBED_SESSIONS/ask"; tidy >/dev/null 2>&1' EXIT
  user_systemd
  same "$(offered)" "available: git and its helpers, started by your systemd" "what this computer offers"
  git config --global credential.helper "store --file $work/kept"
  printf 'http://person:%s@%s\nhttps://person:%s@github.com\n' "$token" "${server#http://}" "$token" >"$work/kept"
  cp kept kept-before

  # Nobody gets it without being asked for, and for named servers only: this one is not reached over https.
  online
  clones 128 none
  expect 2 codchi capabilities allow "$name" git-credentials
  says "--server github.com"
  expect 2 codchi capabilities allow "$name" git-credentials --server "me@github.com"
  expect 2 codchi capabilities allow "$name" ssh-agent --server github.com
  same "$(units)" "" "units before consent"
  expect 0 codchi capabilities allow "$name" git-credentials --server "$server" --server GitHub.com:443
  says "git-credentials is for $server and github.com only."
  expect 0 codchi capabilities list "$name" --json
  same "$(jq -c '.capabilities[] | select(.name == "git-credentials") | [.allowed, .servers]' <<<"$stdout")" "[true,[\"$server\",\"github.com\"]]" "what is allowed"
  same "$(units)" "codchi-git-credentials-$name.socket active listening" "units"
  same "$(stat -c '%a %F' "$XDG_RUNTIME_DIR/codchi/.git-credentials/$name")" "600 socket" "the socket"
  systemd-analyze --user verify "$XDG_RUNTIME_DIR/systemd/user/codchi-git-credentials-$name.socket" 2>verified || true
  same "$(grep -F codchi-git verified || true)" "" "what systemd-analyze finds"

  # Git in the machine clones, and what it was told is not in the clone; nothing stays that was started for it.
  clones 0 cloned
  record git-credentials "codchi exec $name git clone http://mirror/private/project.git"
  expect 0 codchi exec "$name" git -C cloned log --oneline
  record git-credentials
  logged "for $server: answered" || unexpected "the question is not in the log"
  fails grep -rqF "$token" "$CODCHI_DATA_DIR/machine/$name/cloned/.git"
  soon no_questions_open
  if [[ -n ${CODCHI_SCREENSHOTS:-} ]]; then
    grep -F "git in $name" "$CODCHI_DATA_DIR/log/codchi.log" | tail -n 1 | sed 's/.* pid [0-9]* //' >out
    record git-credentials "tail -n 1 $CODCHI_DATA_DIR/log/codchi.log"
  fi
  # Other servers, also such that only look alike, are not answered.
  expect 0 asks_for https github.com
  [[ $stdout == *"password=$token"* ]] || unexpected "a server that was named is not answered"
  local other
  for other in "http github.com" "https ${server#http://}" "https github.com.evil" "https github.com@evil" "https gitlab.com" "ssh github.com"; do
    # shellcheck disable=SC2086 # two words
    expect 128 asks_for $other
    same "$stdout" "" "the answer for $other"
  done
  logged "for gitlab.com: not allowed for this server" || unexpected "a refusal is not in the log"

  # What git in the machine has to store or to forget, changes nothing on the host; nor does it get there.
  printf 'protocol=http\nhost=%s\nusername=person\npassword=%s\n' "${server#http://}" typed-in-the-machine >"$CODCHI_DATA_DIR/machine/$name/description"
  expect 0 codchi exec "$name" sh -c 'git credential approve <description; git credential reject <description'
  same "$stdout$stderr" "" "what git says"
  # Past codchi's helper, with git's own client.
  local path=/var/lib/codchi/session/git-credentials action
  sed -i s/typed-in-the-machine/testbed-token/ "$CODCHI_DATA_DIR/machine/$name/description"
  for action in erase store exit; do
    expect 0 codchi exec "$name" sh -c "git credential-cache --socket $path $action <description"
    soon logged "to $action: ignored"
  done
  same "$(cmp kept kept-before 2>&1)" "" "the host's passwords"
  fails grep -q "$token\|typed-in-the-machine" "$CODCHI_DATA_DIR/log/codchi.log"

  # A new session, whose directory is empty: the next command brings the socket back.
  echo end >"$CODCHI_TESTBED_SESSIONS/ask"
  soon no_user_systemd
  clones 128 without-a-session
  rm -rf "$XDG_RUNTIME_DIR"
  mkdir -m 700 "$XDG_RUNTIME_DIR"
  user_systemd
  clones 0 anew

  # A socket that was closed, as systemd does after too many questions: the next command opens it again.
  systemctl --user stop "codchi-git-credentials-$name.socket"
  clones 0 again

  # Another name, the same consent.
  machines+=("$name-renamed")
  expect 0 codchi rename "$name" "$name-renamed"
  name+=-renamed
  same "$(units)" "codchi-git-credentials-$name.socket active listening" "units after the renaming"
  online
  clones 0 renamed
  # A like machine has not been allowed anything.
  local original=$name
  new_name gitcred-like
  expect 0 codchi duplicate "$original" "$name"
  expect 0 codchi start "$name"
  online
  clones 128 duplicated
  name=$original

  # No longer wanted: nothing is answered and nothing is left, also of a machine that is stopped.
  expect 0 codchi capabilities deny "$name" git-credentials
  clones 128 denied
  same "$(units)$(find "$XDG_RUNTIME_DIR/systemd/user" "$XDG_RUNTIME_DIR/codchi" -name '*git-cred*' ! -type d)" "" "what is left"
  expect 0 codchi capabilities allow "$name" git-credentials --server "$server"
  expect 0 codchi stop "$name"
  expect 0 codchi capabilities deny "$name" git-credentials
  same "$(units)$(ls "$XDG_RUNTIME_DIR/systemd/user")" "" "what is left of a stopped machine"
  expect 0 codchi capabilities allow "$name" git-credentials --server "$server"
  expect 0 codchi start "$name"
  online
  clones 0 last
  expect 0 codchi --yes delete "$name"
  same "$(units)$(find "$XDG_RUNTIME_DIR/systemd/user" "$XDG_RUNTIME_DIR/codchi" -name '*git-cred*' ! -type d)" "" "what is left of a deleted machine"
}

scenario_git_credentials_are_allowed_before_the_machine_is_made() {
  new_name gitcred
  local answer=$CODCHI_CONFIG_DIR/machine/$name/capabilities.json
  # Nothing to be named; a server that is none; a server.
  expect 2 codchi init "$name" "$CODCHI_TESTBED_MIRROR/hello.git" --no-build --allow git-credentials
  says "no server is named"
  [[ ! -e $CODCHI_CONFIG_DIR/machine/$name ]] || unexpected "something is left"
  expect 2 codchi init "$name" --no-build --allow git-credentials --server https://github.com/owner
  expect 0 codchi init "$name" --no-build --allow git-credentials --server Git.Example.org:8443
  same "$(jq -c .servers "$answer")" '{"git-credentials":["git.example.org:8443"]}' "servers that were named"
  expect 0 codchi --yes delete "$name"
  expect 0 codchi init "$name" --no-build --allow git-credentials,sound --server github.com
  same "$(jq -c '[.consents, .servers]' "$answer")" '[{"git-credentials":true,"sound":true},{"git-credentials":["github.com"]}]' "answers"
}
