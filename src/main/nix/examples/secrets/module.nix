{ config, pkgs, ... }:
{
  # In every shell: $CODCHI_GITLAB_TOKEN
  codchi.secrets.env.GITLAB_TOKEN.description = ''
    Token with the scope `read_repository`, from the settings of your account at gitlab.example.com.
  '';

  # Only for this service: a file in memory, readable by root.
  codchi.secrets.files.registry-password = {
    description = "Password of the package registry.";
    owner = "root";
    restartUnits = [ "registry-check.service" ];
  };
  systemd.services.registry-check = {
    description = "Check the password of the package registry";
    wantedBy = [ "multi-user.target" ];
    requires = [ "codchi-secrets.target" ];
    after = [ "codchi-secrets.target" ];
    serviceConfig.Type = "oneshot";
    serviceConfig.RemainAfterExit = true;
    script = ''
      test -s ${config.codchi.secrets.files.registry-password.path}
    '';
  };

  # The token is never in a URL or an argument list.
  programs.git.config.credential."https://gitlab.example.com" = {
    username = "oauth2";
    helper = "!printf 'password=%s\\n' \"$CODCHI_GITLAB_TOKEN\"";
  };
}
