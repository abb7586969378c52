{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nix;
  value = v: if lib.isBool v then lib.boolToString v else if lib.isList v then toString v else toString v;
in
{
  options.nix = {
    enable = mkOption { type = types.bool; default = true; description = "Whether nix is configured."; };
    package = mkOption { type = types.package; default = pkgs.nix; description = "The nix package."; };
    channel.enable = mkOption { type = types.bool; default = true; description = "Accepted: the stand-in has no channels."; };
    gc.automatic = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    optimise.automatic = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    settings = mkOption { type = types.attrsOf types.unspecified; default = { }; description = "Lines of nix.conf."; };
    extraOptions = mkOption { type = types.lines; default = ""; description = "More lines of nix.conf."; };
    nixPath = mkOption { type = types.listOf types.str; default = lib.optional (config.nixpkgs.flake.source != null) "nixpkgs=flake:nixpkgs"; description = "Search path."; };
    registry = mkOption {
      default = { };
      description = "Flake registry of the system.";
      type = types.attrsOf (types.submodule ({ name, config, ... }: {
        options = {
          from = mkOption { type = types.attrsOf types.str; default = { type = "indirect"; id = name; }; description = "The name."; };
          to = mkOption { type = types.attrsOf (types.oneOf [ types.str types.int ]); description = "The place."; };
          flake = mkOption { type = types.nullOr types.attrs; default = null; description = "The flake."; };
          exact = mkOption { type = types.bool; default = true; description = "Whether a revision may be added."; };
        };
        config.to = lib.mkIf (config.flake != null) (lib.mkDefault { type = "path"; path = config.flake.outPath; });
      }));
    };
  };
  config = {
    nix.registry.nixpkgs.to = lib.mkIf (config.nixpkgs.flake.source != null) (lib.mkDefault { type = "path"; path = "${config.nixpkgs.flake.source}"; });
    environment.systemPackages = lib.optional cfg.enable cfg.package;
    environment.sessionVariables.NIX_PATH = lib.mkIf (cfg.enable && cfg.nixPath != [ ]) cfg.nixPath;
    environment.etc = lib.mkIf cfg.enable {
      "nix/nix.conf".text = lib.concatStrings (lib.mapAttrsToList (n: v: "${n} = ${value v}\n") cfg.settings) + cfg.extraOptions;
      "nix/registry.json".text = builtins.toJSON { version = 2; flakes = lib.mapAttrsToList (_: r: { inherit (r) from to exact; }) cfg.registry; };
    };
    nix.settings.experimental-features = lib.mkDefault [ "nix-command" "flakes" ];
    systemd.services.nix-daemon = lib.mkIf cfg.enable { serviceConfig.ExecStart = "${cfg.package}/bin/nix-daemon"; description = "Nix daemon"; };
    systemd.sockets.nix-daemon = lib.mkIf cfg.enable { wantedBy = [ "sockets.target" ]; listenStreams = [ "/nix/var/nix/daemon-socket/socket" ]; };
  };
}
