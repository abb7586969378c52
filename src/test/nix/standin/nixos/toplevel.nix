{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  failed = map (a: a.message) (lib.filter (a: !a.assertion) config.assertions);
  checked = value:
    if failed != [ ] then throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (m: "- ${m}") failed}"
    else lib.foldr lib.warn value config.warnings;
  # PID 1 of the machine until systemd takes over.
  init = pkgs.writeScript "init" ''
    #!${pkgs.seed}/bin/sh
    systemConfig=@out@
    export PATH=${pkgs.seed}/bin HOME=/root
    mounted() { grep -q "^[^ ]* $1 " /proc/self/mounts; }
    echo "stage 2: $systemConfig"
    mkdir -p /run /tmp /var /etc
    mounted /run || mount -t tmpfs -o nosuid,nodev,strictatime,mode=755 tmpfs /run
    mkdir -p /run/log
    $systemConfig/activate 2>&1 | tee /run/log/stage-2-init.log
    ln -sfn $systemConfig /run/booted-system
    ${config.boot.postBootCommands}
    echo "starting systemd"
    exec env PATH=/usr/bin:/usr/sbin LANG=C.UTF-8 /usr/lib/systemd/systemd "$@"
  '';
in
{
  options.system = {
    build.toplevel = mkOption { type = types.package; readOnly = true; description = "The whole system."; };
    systemBuilderCommands = mkOption { type = types.lines; default = ""; internal = true; description = "Shell code that completes the system."; };
    extraDependencies = mkOption { type = types.listOf types.path; default = [ ]; description = "Paths the system keeps alive."; };
    checks = mkOption { type = types.listOf types.package; default = [ ]; description = "Packages that must build."; };
    disableInstallerTools = mkOption { type = types.bool; default = false; description = "Accepted: the stand-in has no installer tools."; };
    switch.enable = mkOption { type = types.bool; default = true; description = "Accepted, without effect."; };
  };
  config.system.build.toplevel = checked (pkgs.runCommand "nixos-system-${config.system.name}-${config.system.nixos.label}"
    { checks = toString config.system.checks; } ''
    mkdir -p $out/bin $out/systemd
    place() { sed "s|@out@|$out|g" "$1" >"$2"; chmod +x "$2"; }
    place ${init} $out/init
    place ${config.system.build.activate} $out/activate
    place ${pkgs.writeScript "switch-to-configuration" ("#!${pkgs.runtimeShell}\n" + ''
      export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.findutils pkgs.gnugrep pkgs.gnused pkgs.systemd ]}
    '' + builtins.readFile ./switch-to-configuration.sh)} $out/bin/switch-to-configuration
    ln -s ${config.system.build.etc}/etc $out/etc
    ln -s ${config.system.path} $out/sw
    ln -s ${pkgs.debroot}/usr/lib $out/systemd/lib
    printf %s ${lib.escapeShellArg config.system.nixos.label} >$out/nixos-version
    printf %s ${config.nixpkgs.hostPlatform.system} >$out/system
    printf 'systemd 2' >$out/init-interface-version
    printf '%s\n' ${toString config.system.extraDependencies} >$out/extra-dependencies
    ${config.system.systemBuilderCommands}
  '');
}
