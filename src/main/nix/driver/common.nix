# What every machine has that codchi runs, whatever it runs on.
{ config, lib, options, pkgs, ... }:
let
  inherit (lib) mkForce optionalAttrs;
  # Stronger than an option's own default, weaker than `mkDefault`: what nixpkgs' profiles or a generated hardware configuration
  # prefer replaces it instead of conflicting with it.
  preferred = lib.mkOverride 1100;
  cfg = config.codchi;
  user = cfg.user;
  owned = path: expected: why: {
    assertion = lib.getAttrFromPath path config == expected;
    message = "codchi: `${lib.showOption path}' is set to `${toString (lib.getAttrFromPath path config)}', but ${why}. Remove the definition, or make it depend on `config.codchi.driver.name == \"none\"'.";
  };
in
{
  config = lib.mkIf cfg.driver.managed (lib.mkMerge [
    {
      assertions = [
        (owned [ "networking" "hostName" ] "" "a code machine has the name that its owner gave it, and learns it when it starts")
        (owned [ "users" "users" user "uid" ] 1000 "the person's account has the same id in every machine")
        {
          assertion = config.users.users.${user}.group == "users" && config.users.groups.users.gid == 100;
          message = "codchi: the primary group of `${user}' is `${config.users.users.${user}.group}', but files of a code machine belong to `users' (gid 100) on both sides. Add the group to `users.users.${user}.extraGroups' instead.";
        }
        {
          assertion = config.users.users.${user}.home == "/home/${user}";
          message = "codchi: `users.users.${user}.home' is `${config.users.users.${user}.home}', but the host mounts the home directory at /home/${user}. Remove the definition.";
        }
        {
          assertion = config.nix.enable;
          message = "codchi: `nix.enable' is false, but a code machine builds through the nix of its host. Remove the definition.";
        }
      ];
    }

    # The store belongs to codchistore: the machine sees it read-only and builds through the daemon's socket.
    {
      environment.sessionVariables.NIX_REMOTE = "daemon";
      systemd.services.nix-daemon.enable = mkForce false;
      systemd.sockets.nix-daemon.enable = mkForce false;
      nix.gc.automatic = mkForce false;
      nix.optimise.automatic = mkForce false;
      nix.channel.enable = preferred false;
      nix.settings.experimental-features = [ "nix-command" "flakes" ];
      # The store keeps what the machine's profiles refer to. Links that nix makes (direnv, `result`) are registered with the daemon
      # under a path that it cannot see: codchi looks them up before it collects garbage, and nobody else may collect.
      systemd.tmpfiles.rules = [ "d /nix/var/nix/gcroots 0755 root root -" ];
      # nix brings rules for directories that belong to the store: they would fail at every boot and every switch.
      environment.etc."tmpfiles.d/nix-daemon.conf".source = "/dev/null";
      # Rebuilding is the host's work.
      system = optionalAttrs (options.system ? disableInstallerTools) { disableInstallerTools = preferred true; };
      boot = optionalAttrs (options.boot ? nixStoreMountOpts) { nixStoreMountOpts = mkForce [ "ro" ]; };
    }

    # Seen from the machine, files of the store belong to nobody, because the store has ids of its own.
    # Programs that insist on root's files need copies, or cannot run.
    {
      system.activationScripts.codchi-sudo = lib.mkIf config.security.sudo.enable (lib.stringAfter [ "etc" ] ''
        mkdir -p -m 0755 /run/codchi /run/codchi/sudo
        for plugin in ${config.security.sudo.package or pkgs.sudo}/libexec/sudo/*.so; do
          install -m 0644 "$plugin" "/run/codchi/sudo/.''${plugin##*/}.new"
          mv -f "/run/codchi/sudo/.''${plugin##*/}.new" "/run/codchi/sudo/''${plugin##*/}"
        done
      '');
      environment.etc."sudo.conf" = lib.mkIf config.security.sudo.enable {
        mode = "0644";
        text = ''
          Path plugin_dir /run/codchi/sudo/
          Set disable_coredump false
        '';
      };
      # Refuses configuration files of others, and the journal limits itself.
      services.logrotate.enable = preferred false;
    }

    # A container: hardware, clock and consoles are the host's.
    {
      boot.isContainer = true;
      console.enable = preferred false;
      services.udev.enable = preferred false;
      systemd.enableEmergencyMode = false;
      systemd.oomd.enable = preferred false;
      # NixOS turns the getty of /dev/console on in every container, with `mkDefault`.
      systemd.services = lib.genAttrs [ "getty@" "serial-getty@" "autovt@" "container-getty@" "console-getty" ] (_: { enable = false; })
        # systemd brings these whatever `services.udev.enable` says, and starts them where /sys can be written.
        // { systemd-udevd.enable = preferred config.services.udev.enable; };
      systemd.sockets = lib.genAttrs [ "systemd-udevd-control" "systemd-udevd-kernel" "systemd-udevd-varlink" ]
        (_: { enable = preferred config.services.udev.enable; });
      # File systems of the kernel, which a container may not mount: a switch would report them as failed.
      systemd.suppressedSystemUnits = [ "sys-kernel-debug.mount" "sys-kernel-tracing.mount" "sys-fs-fuse-connections.mount" ];
      services.journald =
        if options.services.journald ? settings then {
          settings.Journal = {
            SystemMaxUse = preferred "200M";
            RuntimeMaxUse = preferred "50M";
          };
        }
        # before NixOS 26.05
        else { extraConfig = "SystemMaxUse=200M\nRuntimeMaxUse=50M\n"; };
      # The machine's name is that of the container.
      networking.hostName = preferred "";
      networking.firewall.enable = preferred false;
      # Manuals that nobody reads in a container and that take seconds to evaluate.
      documentation.nixos.enable = preferred false;
    }

    # The person.
    {
      users.mutableUsers = preferred false;
      users.allowNoPasswordLogin = true;
      users.users.${user} = {
        isNormalUser = true;
        uid = preferred 1000;
        extraGroups = [ "wheel" ];
        linger = true;
      };
      security.sudo.wheelNeedsPassword = preferred false;
    }

    # Enough of a desktop for programs that show windows on the host.
    {
      xdg.autostart.enable = preferred true;
      xdg.icons.enable = preferred true;
      xdg.menus.enable = preferred true;
      xdg.mime.enable = preferred true;
      fonts.enableDefaultPackages = preferred true;
      environment.pathsToLink = [ "/share/applications" "/share/icons" "/share/pixmaps" ];
    }
  ]);
}
