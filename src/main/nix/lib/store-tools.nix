# What the store container needs besides nix itself, as one profile.
{ systems }:
{ nixpkgs, system ? "x86_64-linux" }:
if !(builtins.elem system systems) then
  throw "codchi: there are no store tools for the system `${toString system}'. Use one of: ${builtins.concatStringsSep ", " systems}."
else
  let
    pkgs = nixpkgs.legacyPackages.${system};

    # The daemon registers a link that nix made in a machine's home under the path that the machine knows, /home/codchi/...,
    # which the store cannot see and its garbage collector takes for dead. Run before every collection, as root.
    roots = pkgs.writeShellScriptBin "codchi-store-roots" ''
      # codchi-store-roots [STATE_DIRECTORY [HOMES_DIRECTORY]]: makes each machine's links roots of the garbage collector, as the store sees them.
      set -euo pipefail
      export PATH=${pkgs.coreutils}/bin
      state=''${1:-/nix/var/nix} homes=''${2:-/data/machine}
      new=$state/gcroots/.codchi-homes.new
      rm -rf "$new"
      mkdir -p "$new"
      declare -A known=()
      count=0
      keep() { # the link $1, once
        if [ -L "$1" ] && [ -z "''${known[$1]:-}" ]; then
          known[$1]=yes
          ln -s "$1" "$new/$count"
          count=$((count + 1))
        fi
      }
      # nix forgets links that it cannot see whenever it looks for roots, so what was found before is kept as long as it is there.
      for link in "$state"/gcroots/codchi-homes/*; do
        place=$(readlink "$link") || continue
        # In any home, since machines are renamed and duplicated.
        for home in "$homes"/*; do keep "$home/''${place#"$homes"/*/}"; done
      done
      for link in "$state"/gcroots/auto/*; do
        target=$(readlink "$link") || continue
        case $target in /home/codchi/*) ;; *) continue ;; esac
        for home in "$homes"/*; do
          keep "$home/''${target#/home/codchi/}"
        done
      done
      rm -rf "$state/gcroots/codchi-homes"
      mv -T "$new" "$state/gcroots/codchi-homes"
    '';
  in
  pkgs.buildEnv {
    name = "codchi-store-tools";
    paths = with pkgs; [
      roots
      gitMinimal
      openssh
      cacert
      coreutils
      bash
      gnutar
      gzip
      xz
      zstd
      iproute2
    ];
    pathsToLink = [ "/bin" "/etc" "/libexec" ];
  }
