{ pkgs, ... }:
{
  codchi.docker.enable = true;

  # Runs once in a new machine.
  codchi.initScript = ''
    mkdir -p ~/demo
    cat >~/demo/compose.yaml <<'END'
    services:
      web:
        image: nginx:stable
        ports: [ "8080:80" ]
    END
    echo "Try it: cd ~/demo && docker compose up"
  '';
}
