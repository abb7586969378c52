# What a machine can be handed over as, when codchi no longer runs it:
#   machine   what `codeMachine` gives with the driver "none"
#   hostName  the name that the system gets unless its modules give it one
# Result:
#   images     the names of the images that the machine's own nixpkgs can make (`system.build.images`)
#   container, oci, wsl   the system for a container of that kind, `{ toplevel }`, or null where nixpkgs has no module for it
#   image { name, diskSize }   one of these images: `{ derivation, filePath, toplevel }`; diskSize in MiB, or null for nixpkgs' own choice
#   qemuImg    the package with `qemu-img`
#   release    of nixpkgs
# An image brings the machine's files along as an archive on a partition of its own, which `codchi-state` below unpacks once.
machine: { hostName }:
let
  inherit (machine) lib pkgs;

  common = { config, lib, options, pkgs, ... }:
    let
      user = config.codchi.user;
      # Stronger than an option's own default, weaker than `mkDefault`.
      preferred = lib.mkOverride 1100;
    in
    {
      _file = "codchi's export";
      config = {
        networking.hostName = preferred hostName;
        # The person, as in the machine: the same ids, and root's rights without a password.
        users.users.${user} = {
          isNormalUser = lib.mkDefault true;
          uid = lib.mkDefault 1000;
          extraGroups = [ "wheel" ];
        };
        users.allowNoPasswordLogin = lib.mkDefault true;
        security.sudo.wheelNeedsPassword = preferred false;
        nix.settings.experimental-features = [ "nix-command" "flakes" ];
        services = lib.optionalAttrs (options.services ? getty && options.services.getty ? autologinUser) {
          getty.autologinUser = lib.mkDefault user;
        };
        systemd.services.codchi-ready = {
          description = "Tell the console that the machine has started";
          after = [ "multi-user.target" ];
          wantedBy = [ "multi-user.target" ];
          serviceConfig = {
            Type = "oneshot";
            StandardOutput = "journal+console";
          };
          script = "echo 'codchi: the machine ${hostName} is ready'";
        };
      };
    };

  # The store's paths are there, but the new nix does not know them yet. nixpkgs' own module for containers does the same.
  registration = { config, pkgs, ... }: {
    boot.postBootCommands = ''
      if [ -f /nix-path-registration ]; then
        ${config.nix.package or pkgs.nix}/bin/nix-store --load-db </nix-path-registration && rm /nix-path-registration
        ${config.nix.package or pkgs.nix}/bin/nix-env -p /nix/var/nix/profiles/system --set /run/current-system
      fi
    '';
  };

  # Unpacks the machine's files before anything that could use them starts. The partition begins with 4096 bytes that say how long the
  # archive is and what its SHA-256 is; codchi's StatePartition writes them.
  state = { lib, pkgs, ... }: {
    _file = "codchi's export";
    boot.kernelParams = [ "console=tty0" "console=ttyS0,115200n8" ];
    # A machine without its files is not ready.
    systemd.services.codchi-ready = {
      requires = [ "codchi-state.service" ];
      after = [ "codchi-state.service" ];
    };
    systemd.services.codchi-state = {
      description = "Unpack the files of the machine that this system was";
      wantedBy = [ "sysinit.target" ];
      after = [ "local-fs.target" "systemd-growfs-root.service" "growpart.service" ];
      before = [ "sysinit.target" "systemd-tmpfiles-setup.service" "shutdown.target" ];
      conflicts = [ "shutdown.target" ];
      unitConfig = {
        DefaultDependencies = false;
        ConditionPathExists = "!/var/lib/codchi-state";
      };
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        StandardOutput = "journal+console";
        StandardError = "journal+console";
        TimeoutStartSec = "infinity";
      };
      path = [ pkgs.coreutils pkgs.gnugrep pkgs.gnutar ];
      script = ''
        set -euo pipefail
        for partition in /sys/class/block/*/partition; do
          device=/dev/$(basename "$(dirname "$partition")")
          head=$(head -c 4096 "$device" | tr -d '\0') || continue
          case $head in "codchi-state 1"*) ;; *) continue ;; esac
          length=$(grep '^length ' <<<"$head" | cut -d ' ' -f 2)
          sum=$(grep '^sha256 ' <<<"$head" | cut -d ' ' -f 2)
          # `head` first: it takes what there is to take, so that nothing writes to a pipe that nobody reads any more.
          archive() { head -c $((4096 + length)) "$device" | tail -c +4097; }
          if [ "$(archive | sha256sum | cut -d ' ' -f 1)" != "$sum" ]; then
            echo "codchi: the machine's files on $device are damaged; none was unpacked" >&2
            exit 1
          fi
          archive | tar --extract --directory=/ --same-permissions --acls --xattrs --xattrs-include='user.*' \
            --xattrs-include=security.capability --delay-directory-restore --no-overwrite-dir --blocking-factor=128
          # From now on the file system has what counts, and the archive is no longer a copy of the machine.
          printf 'codchi-taken' | dd of="$device" conv=notrunc status=none
          mkdir -p /var/lib
          echo "$sum" >/var/lib/codchi-state
          sync
          echo "codchi: the machine's files are unpacked"
          exit 0
        done
        echo "codchi: this disk has no files of the machine"
      '';
    };
  };

  wsl = { config, lib, ... }: {
    _file = "codchi's export";
    boot.isContainer = true;
    # WSL reads it before anything of NixOS runs, so it is a file and not a link.
    environment.etc."wsl.conf" = {
      mode = "0644";
      text = lib.generators.toINI { } {
        boot.systemd = true;
        user.default = config.codchi.user;
        network = { generateHosts = true; generateResolvConf = true; };
        interop.appendWindowsPath = false;
      };
    };
    networking.useDHCP = false;
    networking.dhcpcd.enable = false;
    networking.useHostResolvConf = false;
    networking.resolvconf.enable = false;
    environment.etc.hosts.enable = false;
  };

  oci = {
    _file = "codchi's export";
    boot.isContainer = true;
    networking.useDHCP = false;
    networking.dhcpcd.enable = false;
    networking.useHostResolvConf = false;
    networking.resolvconf.enable = false;
    environment.etc.hosts.enable = false;
  };

  with' = modules: machine.extendModules { modules = [ common ] ++ modules; };
  plain = with' [ ];
  modulesOfImages = plain.config.image.modules or { };
  lxcFile = if pkgs ? path then pkgs.path + "/nixos/modules/virtualisation/lxc-container.nix" else null;
  lxcModule = modulesOfImages.lxc or (if lxcFile != null && builtins.pathExists lxcFile then lxcFile else null);
  system = nixos: { toplevel = nixos.config.system.build.toplevel.drvPath; };
in
{
  images = builtins.attrNames (plain.config.system.build.images or { });
  container = if lxcModule == null then null else system (with' [ lxcModule ]);
  oci = system (with' [ oci registration ]);
  wsl = system (with' [ wsl registration ]);
  image = { name, diskSize }:
    let
      sized = { options, ... }: {
        _file = "codchi's export";
        config = if options.virtualisation ? diskSize then { virtualisation.diskSize = lib.mkForce diskSize; }
          else throw "codchi: the image `${name}' of this nixpkgs (${lib.trivial.release}) has a fixed size, so there may be no room for the machine's files. Export a tar archive or a flake instead, or update the machine's nixpkgs.";
      };
      nixos = with' ([ state ] ++ (if diskSize == null then [ ] else [ { image.modules.${name} = sized; } ]));
      image = nixos.config.system.build.images.${name};
    in
    {
      derivation = image.drvPath;
      filePath = image.passthru.filePath or null;
      toplevel = (image.passthru.config or nixos.config).system.build.toplevel.drvPath;
    };
  qemuImg = (pkgs.qemu-utils or pkgs.qemu).drvPath;
  inherit (lib.trivial) release;
}
