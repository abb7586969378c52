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
      count=0
      for link in "$state"/gcroots/auto/*; do
        target=$(readlink "$link") || continue
        case $target in /home/codchi/*) ;; *) continue ;; esac
        for home in "$homes"/*; do
          place=$home/''${target#/home/codchi/}
          if [ -L "$place" ]; then
            ln -s "$place" "$new/$count"
            count=$((count + 1))
          fi
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
