# What every machine has that codchi runs, whatever it runs on.
{ config, lib, options, pkgs, ... }:
let
  inherit (lib) mkDefault mkForce optionalAttrs;
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
      nix.channel.enable = mkDefault false;
      nix.settings.experimental-features = [ "nix-command" "flakes" ];
      # The store keeps what the machine's profiles refer to. Links that nix makes in the home directory (direnv, `result`)
      # are registered with the daemon under a path that it cannot see: `codchi-store-roots` looks them up before garbage is collected.
      systemd.tmpfiles.rules = [ "d /nix/var/nix/gcroots 0755 root root -" ];
      # Rebuilding is the host's work.
      system = optionalAttrs (options.system ? disableInstallerTools) { disableInstallerTools = mkDefault true; };
      boot = optionalAttrs (options.boot ? nixStoreMountOpts) { nixStoreMountOpts = mkForce [ "ro" ]; };
    }

    # Seen from the machine, files of the store belong to nobody, because the store has ids of its own.
    # Programs that insist on root's files need copies, or cannot run.
    {
      system.activationScripts.codchi-sudo = lib.mkIf config.security.sudo.enable (lib.stringAfter [ "etc" ] ''
        mkdir -p -m 0755 /run/codchi /run/codchi/sudo
        for plugin in ${config.security.sudo.package or pkgs.sudo}/libexec/sudo/*.so; do
          install -m 0644 "$plugin" "/run/codchi/sudo/.''${plugin##*/}.new"
          mv "/run/codchi/sudo/.''${plugin##*/}.new" "/run/codchi/sudo/''${plugin##*/}"
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
      services.logrotate.enable = mkDefault false;
    }

    # A container: hardware, clock and consoles are the host's.
    {
      boot.isContainer = true;
      console.enable = mkDefault false;
      services.udev.enable = mkDefault false;
      systemd.enableEmergencyMode = false;
      systemd.oomd.enable = mkDefault false;
      systemd.services = {
        "getty@".enable = mkDefault false;
        "serial-getty@".enable = mkDefault false;
        "autovt@".enable = mkDefault false;
        "container-getty@".enable = mkDefault false;
        console-getty.enable = mkDefault false;
      };
      services.journald =
        if options.services.journald ? settings then {
          settings.Journal = {
            SystemMaxUse = mkDefault "200M";
            RuntimeMaxUse = mkDefault "50M";
          };
        }
        # before NixOS 26.05
        else { extraConfig = "SystemMaxUse=200M\nRuntimeMaxUse=50M\n"; };
      # The machine's name is that of the container.
      networking.hostName = mkDefault "";
      networking.firewall.enable = mkDefault false;
      # Manuals that nobody reads in a container and that take seconds to evaluate.
      documentation.nixos.enable = mkDefault false;
    }

    # The person.
    {
      users.mutableUsers = mkDefault false;
      users.allowNoPasswordLogin = true;
      users.users.${user} = {
        isNormalUser = true;
        uid = mkDefault 1000;
        extraGroups = [ "wheel" ];
        linger = true;
      };
      security.sudo.wheelNeedsPassword = mkDefault false;
    }

    # Enough of a desktop for programs that show windows on the host.
    {
      xdg.autostart.enable = mkDefault true;
      xdg.icons.enable = mkDefault true;
      xdg.menus.enable = mkDefault true;
      xdg.mime.enable = mkDefault true;
      fonts.enableDefaultPackages = mkDefault true;
      environment.pathsToLink = [ "/share/applications" "/share/icons" "/share/pixmaps" ];
    }
  ]);
}
