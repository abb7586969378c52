# The few packages of nixpkgs that the machine driver, its examples and the tests name, made from the
# binary parts. Programs from `debian` work only in a booted machine; the others work from the store alone.
{ system, lib }:
let
  parts = import ../parts.nix { inherit system; pins = builtins.fromJSON (builtins.readFile ../pins.json); };
  inherit (parts) seed bash coreutils debroot;

  # A derivation with bash and coreutils, as much of `stdenv.mkDerivation` as is needed.
  make = { name, script, env ? { }, meta ? { }, passthru ? { } }:
    let
      drv = derivation ({
        inherit name system;
        builder = "${bash}/bin/bash";
        # The shell has to end last: nix kills a builder that has closed its output, and bash would let a program that closes it on its
        # way out (all of coreutils) take its place when that is the last command.
        args = [ "-euo" "pipefail" "-c" "${script}\n:\n" ];
        PATH = "${coreutils}/bin:${seed}/bin";
      } // env);
    in
    drv // passthru // { inherit meta passthru; overrideAttrs = f: make { inherit name meta passthru; script = (f { buildCommand = script; }).buildCommand or script; inherit env; }; };

  named = pkg: mainProgram: pkg // { meta = { inherit mainProgram; }; pname = mainProgram; };
  # Links to programs of the Debian tree.
  debian = name: programs: make {
    inherit name;
    meta.mainProgram = name;
    script = ''
      mkdir -p $out/bin
      for p in ${lib.concatStringsSep " " programs}; do
        if [ -e ${debroot}/usr/bin/$p ]; then ln -s ${debroot}/usr/bin/$p $out/bin/$p
        elif [ -e ${debroot}/usr/sbin/$p ]; then ln -s ${debroot}/usr/sbin/$p $out/bin/$p
        else echo "the Debian tree has no program $p (wanted by ${name})" >&2; exit 1; fi
      done
    '';
  };

  self = rec {
    _type = "pkgs";
    inherit lib system seed debroot;
    inherit (parts) diskroot;
    inherit (parts) run relocate;
    stdenv = {
      inherit system mkDerivation;
      hostPlatform = { inherit system; isLinux = true; isx86_64 = system == "x86_64-linux"; isAarch64 = system == "aarch64-linux"; is64bit = true; };
      buildPlatform = stdenv.hostPlatform;
      shell = runtimeShell;
    };
    stdenvNoCC = stdenv;
    mkDerivation = { name ? "${pname}-${version}", pname ? "x", version ? "0", buildCommand, meta ? { }, passthru ? { }, ... }@args:
      make {
        inherit name meta passthru;
        script = buildCommand;
        env = removeAttrs args [ "name" "buildCommand" "meta" "passthru" "preferLocalBuild" "allowSubstitutes" "nativeBuildInputs" "buildInputs" ]
          // { PATH = lib.makeBinPath (map lib.getBin (args.nativeBuildInputs or [ ]) ++ [ coreutils ]) + ":${seed}/bin"; };
      };
    config = { };
    callPackage = lib.callPackageWith self;

    bash = named parts.bash "bash" // { shellPath = "/bin/bash"; };
    bashInteractive = bash;
    bashNonInteractive = bash;
    runtimeShell = "${bash}/bin/bash";
    runtimeShellPackage = bash;
    coreutils = named parts.coreutils "coreutils";
    git = named parts.git "git";
    gitMinimal = git;
    openssh = named parts.openssh "ssh";
    gnutar = named parts.gnutar "tar";
    gzip = named parts.gzip "gzip";
    xz = named parts.xz "xz";
    zstd = named parts.zstd "zstd";
    curl = named parts.curl "curl";
    iproute2 = named parts.iproute2 "ip";
    findutils = named parts.findutils "find";
    gnugrep = named parts.gnugrep "grep";
    gnused = named parts.gnused "sed";
    jq = named parts.jq "jq";
    nix = named parts.nix "nix" // { version = parts.versions.nix; };
    inherit (parts) cacert glibc;

    systemd = debian "systemd" [
      "systemctl" "journalctl" "loginctl" "hostnamectl" "networkctl" "systemd-tmpfiles" "systemd-run" "systemd-cat" "systemd-cgls"
      "systemd-analyze" "systemd-notify" "systemd-escape" "systemd-path" "systemd-detect-virt" "busctl"
    ] // { interfaceVersion = 2; };
    util-linux = debian "util-linux" [ "mount" "umount" "runuser" "setpriv" "mountpoint" "findmnt" "lsblk" "flock" "nsenter" "unshare" "more" "kill" ] // { withPatches = util-linux; };
    sudo = make { name = "sudo"; script = "mkdir -p $out/bin $out/libexec; ln -s ${debroot}/usr/bin/sudo $out/bin/sudo; ln -s ${debroot}/usr/libexec/sudo $out/libexec/sudo"; };
    getent = debian "getent" [ "getent" ];
    hostname-debian = debian "hostname" [ "hostname" ];
    shadow = debian "shadow" [ "su" ] // { su = shadow; };
    procps = debian "procps" [ "ps" "pgrep" "pkill" "free" "top" "uptime" "watch" ];
    dbus = debian "dbus" [ "dbus-daemon" "dbus-send" ];
    less = debian "less" [ "less" ];

    # nixpkgs' name for qemu-img and its like.
    qemu-utils = make {
      name = "qemu-utils";
      meta.mainProgram = "qemu-img";
      script = ''
        mkdir -p $out/bin
        printf '#!%s\nexec %s --library-path %s %s "$@"\n' ${bash}/bin/bash ${parts.diskroot}/lib/ld-linux-x86-64.so.2 \
          ${parts.diskroot}/lib ${parts.diskroot}/bin/qemu-img >$out/bin/qemu-img
        chmod +x $out/bin/qemu-img
      '';
    };

    # A program for tests and for the first steps: prints a greeting, has a menu entry and an icon.
    hello = make {
      name = "hello-1.0";
      meta.mainProgram = "hello";
      script = ''
        mkdir -p $out/bin $out/share/applications $out/share/icons/hicolor/scalable/apps
        cat >$out/bin/hello <<'P'
        #!${runtimeShell}
        if [ "''${1-}" = -g ]; then echo "$2"; else echo "Hello, world!"; fi
        P
        chmod +x $out/bin/hello
        cat >$out/share/applications/hello.desktop <<'P'
        [Desktop Entry]
        Type=Application
        Name=Hello
        Comment=Say hello
        Exec=hello
        Icon=hello
        Terminal=true
        Categories=Utility;
        P
        cat >$out/share/icons/hicolor/scalable/apps/hello.svg <<'P'
        <svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="30" fill="#5277c3"/></svg>
        P
      '';
    };

    # Named by modules, not made here.
    imagemagick = writeShellScriptBin "magick" "echo 'the stand-in has no imagemagick' >&2; exit 1";
    docker-compose = writeShellScriptBin "docker-compose" "echo 'the stand-in has no docker' >&2; exit 1";
    gnome-keyring = writeShellScriptBin "gnome-keyring-daemon" "echo 'the stand-in has no keyring' >&2; exit 1";

    # --- builders ---
    runCommand = name: env: script: make {
      inherit name script;
      env = removeAttrs env [ "nativeBuildInputs" "preferLocalBuild" "allowSubstitutes" "meta" "passthru" ]
        // { PATH = lib.makeBinPath (map lib.getBin (env.nativeBuildInputs or [ ]) ++ [ coreutils ]) + ":${seed}/bin"; };
    };
    runCommandLocal = runCommand;
    writeTextFile = { name, text, executable ? false, destination ? "", checkPhase ? "", meta ? { } }:
      derivation {
        inherit name system text;
        passAsFile = [ "text" ];
        builder = "${seed}/bin/sh";
        PATH = "${seed}/bin";
        args = [ "-euc" ''
          target=$out${lib.escapeShellArg destination}
          mkdir -p "''${target%/*}"
          cp "$textPath" "$target"
          ${lib.optionalString executable "chmod +x \"$target\""}
        '' ];
      } // { inherit meta; };
    writeText = name: text: writeTextFile { inherit name text; };
    writeTextDir = path: text: writeTextFile { name = baseNameOf path; inherit text; destination = "/${path}"; };
    writeScript = name: text: writeTextFile { inherit name text; executable = true; };
    writeScriptBin = name: text: writeTextFile { inherit name text; executable = true; destination = "/bin/${name}"; meta.mainProgram = name; };
    writeShellScript = name: text: writeScript name "#!${runtimeShell}\n${text}";
    writeShellScriptBin = name: text: writeScriptBin name "#!${runtimeShell}\n${text}";
    writeShellApplication = { name, text, runtimeInputs ? [ ], ... }:
      writeScriptBin name ''
        #!${runtimeShell}
        set -o errexit -o nounset -o pipefail
        ${lib.optionalString (runtimeInputs != [ ]) "export PATH=\"${lib.makeBinPath runtimeInputs}:$PATH\""}
        ${text}
      '';
    # Several trees as one, made of links; an earlier path wins unless a later one has a smaller meta.priority.
    buildEnv = { name, paths, pathsToLink ? [ "/" ], postBuild ? "", extraPrefix ? "", ignoreCollisions ? false, meta ? { }, ... }:
      let ordered = lib.sort (a: b: (a.meta.priority or 5) < (b.meta.priority or 5)) (lib.flatten paths); in
      make {
        inherit name meta;
        script = ''
          mkdir -p $out${extraPrefix}
          merge() { # tree, path below it
            local from=$1/$2 to=$out${extraPrefix}/$2 entry
            mkdir -p "$to"
            for entry in "$from"/* "$from"/.[!.]*; do
              [ -e "$entry" ] || [ -L "$entry" ] || continue
              local base=''${entry##*/}
              if [ -d "$entry" ]; then
                if [ -L "$to/$base" ] && [ -d "$to/$base" ]; then
                  local there; there=$(readlink -f "$to/$base")
                  rm "$to/$base"; mkdir "$to/$base"
                  local inner; for inner in "$there"/*; do ln -s "$inner" "$to/$base/"; done
                fi
                if [ -d "$to/$base" ]; then merge "$1" "$2/$base"; else ln -s "$entry" "$to/$base"; fi
              elif ! [ -e "$to/$base" ] && ! [ -L "$to/$base" ]; then ln -s "$entry" "$to/$base"
              fi
            done
          }
          for tree in ${lib.concatMapStringsSep " " (p: "${p}") (lib.unique (map toString ordered))}; do
            for path in ${lib.escapeShellArgs pathsToLink}; do
              path=''${path#/}
              if [ -d "$tree/$path" ]; then merge "$tree" "$path"; fi
            done
          done
          ${postBuild}
        '';
      };
    symlinkJoin = { name, paths, postBuild ? "", ... }: buildEnv { inherit name paths postBuild; };
    linkFarm = name: entries: make {
      inherit name;
      script = "mkdir -p $out\n" + lib.concatMapStrings (e: ''
        mkdir -p "$(dirname "$out/"${lib.escapeShellArg e.name})"
        ln -s ${lib.escapeShellArg "${e.path}"} $out/${lib.escapeShellArg e.name}
      '') (if lib.isAttrs entries then lib.mapAttrsToList (name: path: { inherit name path; }) entries else entries);
    };
    formats = {
      ini = { ... }: { type = lib.types.attrsOf lib.types.anything; generate = name: value: writeText name (lib.generators.toINI { } value); };
      json = { ... }: { type = lib.types.anything; generate = name: value: writeText name (builtins.toJSON value); };
    };
  };
in
self
