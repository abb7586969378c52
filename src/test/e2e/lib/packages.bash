# Debian packages of the test bed. Sourced by testbed.
# shellcheck shell=bash disable=SC2154

# program=package of everything the test bed starts itself
needed_programs=(
  curl=curl git=git jq=jq busybox=busybox-static python3=python3 xz=xz-utils zstd=zstd ps=procps runuser=util-linux
  mmdebstrap=mmdebstrap patchelf=patchelf
  # a forge behind SSH, for private repositories
  sshd=openssh-server ssh-agent=openssh-client
  # nasty files for archives
  setfattr=attr setfacl=acl
  # virtual machines that start what was exported
  qemu-system-x86_64=qemu-system-x86 qemu-img=qemu-utils
  # shells whose completion is tried
  zsh=zsh fish=fish
  # every program that codchi starts, with its arguments and environment
  strace=strace
  # the systemd of a session, which starts codchi for questions of git
  systemd-analyze=systemd systemctl=systemd findmnt=util-linux
  # a keyring for the tests of the vault
  dbus-daemon=dbus dbus-monitor=dbus gnome-keyring-daemon=gnome-keyring secret-tool=libsecret-tools gdbus=libglib2.0-bin
  keepassxc=keepassxc
  # ImageMagick draws vectors with it, for the tests of icons
  rsvg-convert=librsvg2-bin
  # a desktop for menu entries, terminals and the tray
  Xvfb=xvfb xterm=xterm xdotool=xdotool import=imagemagick desktop-file-validate=desktop-file-utils gtk-launch=libgtk-3-bin
  xfce4-panel=xfce4-panel dunst=dunst
  # a desktop for the tests of what machines use of the host
  xwininfo=x11-utils xdpyinfo=x11-utils weston=weston pulseaudio=pulseaudio parec=pulseaudio-utils
  pipewire=pipewire pw-cat=pipewire-bin wireplumber=wireplumber Xwayland=xwayland yad=yad xfce4-session=xfce4-session
  # authorities of the tests
  openssl=openssl
)
# file=package of what is no program
needed_files=(/usr/lib/python3/dist-packages/xdg/Menu.py=python3-xdg)
# and of LXD: its daemon looks for the firewall only when it starts, so that comes along
lxd_programs=(lxd=lxd lxc=lxd-client lxcfs=lxcfs newuidmap=uidmap dnsmasq=dnsmasq-base nft=nftables ip=iproute2 setfattr=attr unsquashfs=squashfs-tools)

ensure_packages() {
  local -a wanted=("${needed_programs[@]}") missing=()
  lxd_reachable || wanted+=("${lxd_programs[@]}")
  local pair
  for pair in "${wanted[@]}"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  for pair in "${needed_files[@]}"; do
    [[ -e ${pair%%=*} ]] || missing+=("${pair#*=}")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || fail "missing: ${missing[*]}, and this is no Debian where they could be installed"
  echo "testbed: installing ${missing[*]}" >&2
  local -a apt=(apt-get -o DPkg::Lock::Timeout=300 -qq)
  # The option is for the lock of packages only; that of the lists is held while a new machine updates by itself.
  local deadline=$((SECONDS + 300)) said
  until said=$(LC_ALL=C "${apt[@]}" update 2>&1); do
    if [[ $said != *"get lock /var/lib/apt/lists/lock"* ]] || ((SECONDS >= deadline)); then fail "apt could not update its lists: $said"; fi
    sleep 1
  done
  [[ -z $said ]] || echo "$said" >&2
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >"$state/log/apt.log" 2>&1 ||
    fail "apt could not install ${missing[*]}; see $state/log/apt.log"
}
