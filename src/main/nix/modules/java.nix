{ config, lib, ... }:
let
  inherit (lib) mkOption types literalExpression;
  cfg = config.codchi.java;
  home = if config.users.users ? ${config.codchi.user} then config.users.users.${config.codchi.user}.home else "/home/${config.codchi.user}";
  # JDKs of nixpkgs keep the part that tools expect in a subdirectory.
  jdkHome = jdk: jdk.home or "${jdk}/lib/openjdk";
in
{
  options.codchi.java = {
    enable = mkOption {
      type = types.bool;
      default = cfg.jdks != { };
      defaultText = literalExpression "config.codchi.java.jdks != { }";
      example = true;
      description = "Whether to link the JDKs of `codchi.java.jdks` below `~/.jdks`.";
    };
    jdks = mkOption {
      type = types.attrsOf types.package;
      default = { };
      example = literalExpression ''
        {
          openjdk21 = pkgs.jdk21;
          openjdk25 = pkgs.jdk25;
        }
      '';
      description = ''
        JDKs for development environments such as IntelliJ IDEA, as `~/.jdks/NAME`. The links keep their
        names when the JDKs are updated, so projects that refer to them go on working.
      '';
    };
  };

  config = lib.mkIf cfg.enable {
    systemd.tmpfiles.settings."50-codchi-jdks" = {
      "${home}/.jdks".d = { user = config.codchi.user; group = "users"; mode = "0755"; };
    } // lib.mapAttrs' (name: jdk: lib.nameValuePair "${home}/.jdks/${name}" {
      "L+".argument = toString (jdkHome jdk);
    }) cfg.jdks;
  };
}
