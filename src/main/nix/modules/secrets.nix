{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types literalExpression;
  cfg = config.codchi;
  description = mkOption {
    type = types.lines;
    example = "Token of your GitLab account with the scope `read_repository`. Make one at <https://gitlab.example.com/-/user_settings/personal_access_tokens>.";
    description = "What the secret is for and where to get it. codchi shows this when it asks for the value.";
  };
  optional = mkOption {
    type = types.bool;
    default = false;
    example = true;
    description = "Whether the machine also works without this secret. codchi then does not insist on a value.";
  };
  restartUnits = mkOption {
    type = types.listOf types.str;
    default = [ ];
    example = [ "my-proxy.service" ];
    description = "systemd units restarted when the value changes while the machine runs.";
  };

  generator = mkOption {
    type = types.nullOr (types.submodule {
      options = {
        format = mkOption {
          type = types.enum [ "hex" "base64" "alphanumeric" ];
          default = "alphanumeric";
          example = "hex";
          description = "Which characters the value is made of.";
        };
        length = mkOption {
          type = types.ints.between 8 1024;
          default = 32;
          example = 64;
          description = "How many characters the value has.";
        };
      };
    });
    default = null;
    example = { format = "hex"; length = 64; };
    description = "How codchi makes a value itself, at random and different for every machine, instead of asking for one.";
  };

  envSecret = { name, config, ... }: {
    options = {
      name = mkOption {
        type = types.strMatching "[A-Za-z_][A-Za-z0-9_]*";
        default = name;
        defaultText = literalExpression "the name of the attribute";
        example = "GITLAB_TOKEN";
        description = "Name of the secret. The environment variable has this name with `CODCHI_` before it.";
      };
      variable = mkOption {
        type = types.str;
        readOnly = true;
        default = "CODCHI_${config.name}";
        defaultText = literalExpression ''"CODCHI_''${name}"'';
        description = "The environment variable that holds the value.";
      };
      file = mkOption {
        type = types.path;
        readOnly = true;
        default = "/run/codchi/secrets/env/${config.name}";
        defaultText = literalExpression ''"/run/codchi/secrets/env/''${name}"'';
        description = "The file that holds the value as well, readable by `codchi` only.";
      };
      inherit description optional generator restartUnits;
    };
  };

  fileSecret = { name, ... }: {
    options = {
      name = mkOption {
        type = types.strMatching "[A-Za-z0-9_][A-Za-z0-9_.-]*";
        default = name;
        defaultText = literalExpression "the name of the attribute";
        example = "id_ed25519";
        description = "Name of the secret and of its file.";
      };
      path = mkOption {
        type = types.path;
        readOnly = true;
        default = "/run/codchi/secrets/files/${name}";
        defaultText = literalExpression ''"/run/codchi/secrets/files/''${name}"'';
        description = "Where the file is, on a file system in memory. Use it in your configuration, for example in a service's `LoadCredential`.";
      };
      owner = mkOption {
        type = types.str;
        default = cfg.user;
        defaultText = literalExpression "config.codchi.user";
        example = "postgres";
        description = "User that the file belongs to.";
      };
      group = mkOption {
        type = types.str;
        default = "users";
        example = "postgres";
        description = "Group that the file belongs to.";
      };
      mode = mkOption {
        type = types.strMatching "0?[0-7]{3}";
        default = "0400";
        example = "0440";
        description = "Permissions of the file.";
      };
      inherit description optional generator restartUnits;
    };
  };
  env = lib.attrValues cfg.secrets.env;
  files = lib.attrValues cfg.secrets.files;
  public = lib.mapAttrsToList (_: s: builtins.intersectAttrs { name = 0; variable = 0; file = 0; path = 0; owner = 0; group = 0; mode = 0; description = 0; optional = 0; generator = 0; } s);
  twice = list: lib.filter (n: lib.length (lib.filter (m: m == n) list) > 1) (lib.unique list);
  duplicates = twice (map (s: s.name) env) ++ twice (map (s: s.name) files);
in
{
  options.codchi.secrets = {
    env = mkOption {
      type = types.attrsOf (types.submodule envSecret);
      default = { };
      example = literalExpression ''
        {
          # in the machine: $CODCHI_GITLAB_TOKEN
          GITLAB_TOKEN.description = "Token with the scope `read_repository`, from your GitLab settings.";
        }
      '';
      description = ''
        Secrets that every user of this machine supplies, handed over as environment variables named
        `CODCHI_NAME`. The values never enter the configuration or the nix store: codchi asks for them,
        keeps them sealed on the host, and delivers them to the running machine. Programs inherit the
        environment of the shell that starts them; prefer `codchi.secrets.files` for what only one program
        should see.
      '';
    };
    files = mkOption {
      type = types.attrsOf (types.submodule fileSecret);
      default = { };
      example = literalExpression ''
        {
          registry-password = {
            description = "Password of the team's package registry.";
            owner = "root";
          };
        }
      '';
      description = ''
        Secrets that every user of this machine supplies, handed over as files below
        `/run/codchi/secrets/files`, on a file system in memory that is gone when the machine stops. A unit that
        needs them orders itself `after = [ "codchi-secrets.target" ]` and `requires` it.
      '';
    };
  };

  # The host evaluates this before it builds anything, to ask for values.
  options.codchi.declaredSecrets = mkOption {
    type = types.attrs;
    internal = true;
    readOnly = true;
    default = {
      schema = 1;
      env = public cfg.secrets.env;
      files = public cfg.secrets.files;
    };
    description = "The declared secrets, as in `codchi/secrets.json` of a built system.";
  };

  config = {
    assertions = [
      {
        assertion = duplicates == [ ];
        message = "codchi: two secrets have the same name: ${lib.concatStringsSep ", " duplicates}. Give each of them a name of its own.";
      }
      {
        assertion = !(lib.any (s: s.name == "MACHINE_NAME") env);
        message = "codchi: a secret is called MACHINE_NAME, but CODCHI_MACHINE_NAME is the name of the machine. Give the secret another name.";
      }
      {
        assertion = !(lib.any (s: s.name == "NAME") env);
        message = "codchi: a secret is called NAME, but CODCHI_NAME is the name of the machine. Give the secret another name.";
      }
    ];
    codchi.files."secrets.json" = pkgs.writeText "secrets.json" (builtins.toJSON cfg.declaredSecrets);
  };
}
