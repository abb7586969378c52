{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.systemd;
  strings = types.listOf types.str;
  words = description: mkOption { type = strings; default = [ ]; inherit description; };
  lines = description: mkOption { type = types.lines; default = ""; inherit description; };
  yes = description: mkOption { type = types.bool; default = true; inherit description; };
  section = description: mkOption { type = types.attrsOf types.unspecified; default = { }; inherit description; };

  common = {
    enable = yes "Whether the unit may run.";
    description = mkOption { type = types.singleLineStr; default = ""; description = "Description."; };
    documentation = words "Documentation.";
    aliases = words "Further names.";
    wantedBy = words "Units that want this one.";
    requiredBy = words "Units that require this one.";
    requires = words "Units this one requires.";
    wants = words "Units this one wants.";
    after = words "Units started before.";
    before = words "Units started after.";
    bindsTo = words "Units this one is bound to.";
    partOf = words "Units this one stops with.";
    conflicts = words "Units this one excludes.";
    unitConfig = section "The section [Unit].";
    restartTriggers = mkOption { type = types.listOf types.unspecified; default = [ ]; description = "Values whose change restarts the unit."; };
    overrideStrategy = mkOption { type = types.enum [ "asDropinIfExists" "asDropin" ]; default = "asDropinIfExists"; description = "How it joins a unit of that name."; };
  };
  service = types.submodule ({ name, ... }: {
    options = common // {
      environment = mkOption { type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ])); default = { }; description = "Environment."; };
      path = mkOption { type = types.listOf (types.oneOf [ types.package types.str ]); default = [ ]; description = "Packages on the search path."; };
      serviceConfig = section "The section [Service].";
      script = lines "Shell code of ExecStart.";
      scriptArgs = mkOption { type = types.str; default = ""; description = "Arguments of the script."; };
      preStart = lines "Shell code of ExecStartPre.";
      postStart = lines "Shell code of ExecStartPost.";
      preStop = lines "Shell code of ExecStop.";
      reload = lines "Shell code of ExecReload.";
      restartIfChanged = yes "Whether a change restarts it.";
      stopIfChanged = yes "Whether a change stops it before the switch.";
      reloadIfChanged = mkOption { type = types.bool; default = false; description = "Whether a change reloads it."; };
      startAt = mkOption { type = types.either types.str strings; default = [ ]; description = "When it runs."; };
    };
  });
  plain = sectionName: types.submodule { options = common // { ${sectionName} = section "Its section."; listenStreams = words "Sockets."; }; };

  value = v: if v == true then "true" else if v == false then "false" else toString v;
  keys = attrs: lib.concatStrings (lib.mapAttrsToList (n: v:
    lib.concatMapStrings (x: "${n}=${value x}\n") (if lib.isList v then v else [ v ])) (lib.filterAttrs (_: v: v != null) attrs));
  unitSection = u: "[Unit]\n" + keys (
    lib.filterAttrs (_: v: v != "" && v != [ ]) {
      Description = u.description;
      Documentation = u.documentation;
      Requires = u.requires; Wants = u.wants; After = u.after; Before = u.before;
      BindsTo = u.bindsTo; PartOf = u.partOf; Conflicts = u.conflicts;
      X-Restart-Triggers = lib.optional (u.restartTriggers != [ ]) (builtins.hashString "sha256" (builtins.unsafeDiscardStringContext (toString u.restartTriggers)));
    } // u.unitConfig);
  script = name: what: text: pkgs.writeScript "unit-script-${lib.strings.sanitizeDerivationName name}-${what}" "#!${pkgs.runtimeShell}\nset -e\n${text}\n";
  serviceText = user: name: u: unitSection u + "\n[Service]\n" + keys (
    lib.optionalAttrs (!user || u.path != [ ]) { }
    // { Environment = lib.mapAttrsToList (n: v: builtins.toJSON "${n}=${toString v}") (lib.filterAttrs (_: v: v != null) (
        lib.optionalAttrs (u.path != [ ] || u.script != "" || u.preStart != "") {
          PATH = lib.concatMapStringsSep ":" (p: "${p}/bin:${p}/sbin") (u.path ++ [ pkgs.coreutils pkgs.findutils pkgs.gnugrep pkgs.gnused pkgs.systemd ]);
        } // u.environment)); }
    // lib.optionalAttrs (u.script != "") { ExecStart = "${script name "start" u.script} ${u.scriptArgs}"; }
    // lib.optionalAttrs (u.preStart != "") { ExecStartPre = script name "pre-start" u.preStart; }
    // lib.optionalAttrs (u.postStart != "") { ExecStartPost = script name "post-start" u.postStart; }
    // lib.optionalAttrs (u.preStop != "") { ExecStop = script name "pre-stop" u.preStop; }
    // lib.optionalAttrs (u.reload != "") { ExecReload = script name "reload" u.reload; }
    // lib.optionalAttrs (!u.restartIfChanged) { X-RestartIfChanged = false; }
    // lib.optionalAttrs u.reloadIfChanged { X-ReloadIfChanged = true; }
    // u.serviceConfig);
  plainText = header: field: _: u: unitSection u + "\n[${header}]\n"
    + lib.concatMapStrings (s: "ListenStream=${s}\n") u.listenStreams + keys u.${field};

  kinds = set: user: [
    { ext = "service"; units = set.services; text = serviceText user; }
    { ext = "socket"; units = set.sockets; text = plainText "Socket" "socketConfig"; }
    { ext = "timer"; units = set.timers; text = plainText "Timer" "timerConfig"; }
    { ext = "path"; units = set.paths; text = plainText "Path" "pathConfig"; }
    { ext = "target"; units = set.targets; text = _: unitSection; }
  ];
  unitDirectory = which: upstream: set: user: extra:
    pkgs.runCommand "${which}-units" { } (''
      mkdir -p $out
      place() { # name, file, strategy: a whole unit, or additions to one that Debian brings
        if [ "$3" = asDropin ] || [ -e ${pkgs.debroot}/usr/lib/systemd/${upstream}/"$1" ]; then
          mkdir -p "$out/$1.d"; ln -s "$2" "$out/$1.d/overrides.conf"
        else ln -s "$2" "$out/$1"; fi
      }
      want() { mkdir -p "$out/$2.$3"; ln -sfn "../$1" "$out/$2.$3/$1"; }
      take() { # unit directory of a package
        [ -d "$1" ] || return 0
        for u in "$1"/*; do
          if [ -d "$u" ]; then mkdir -p "$out/''${u##*/}"; for d in "$u"/*; do ln -s "$d" "$out/''${u##*/}/"; done
          else ln -s "$u" "$out/"; fi
        done
      }
    '' + lib.concatMapStrings (k: lib.concatStrings (lib.mapAttrsToList (n: u:
      let unit = lib.escapeShellArg "${n}.${k.ext}"; in
      if !u.enable then "ln -s /dev/null $out/${unit}\n"
      else ''
        place ${unit} ${pkgs.writeText "unit-${lib.strings.sanitizeDerivationName n}.${k.ext}" (k.text n u)} ${u.overrideStrategy}
      '' + lib.concatMapStrings (t: "want ${unit} ${lib.escapeShellArg t} wants\n") u.wantedBy
        + lib.concatMapStrings (t: "want ${unit} ${lib.escapeShellArg t} requires\n") u.requiredBy
        + lib.concatMapStrings (a: "ln -s ${unit} $out/${lib.escapeShellArg a}\n") u.aliases) k.units)) (kinds set user)
    + lib.concatMapStrings (p: "take ${p}/etc/systemd/${which}\ntake ${p}/lib/systemd/${which}\n") cfg.packages
    + extra);
  managed = serviceType: {
    services = mkOption { type = types.attrsOf serviceType; default = { }; description = "Services."; };
    sockets = mkOption { type = types.attrsOf (plain "socketConfig"); default = { }; description = "Sockets."; };
    timers = mkOption { type = types.attrsOf (plain "timerConfig"); default = { }; description = "Timers."; };
    paths = mkOption { type = types.attrsOf (plain "pathConfig"); default = { }; description = "Path units."; };
    targets = mkOption { type = types.attrsOf (plain "targetConfig"); default = { }; description = "Targets."; };
    extraConfig = lines "Lines of the manager's configuration.";
  };
  rule = path: type: r: "${lib.removeSuffix "$" type} ${lib.escape [ " " ] path} ${r.mode} ${r.user} ${r.group} ${r.age} ${r.argument}\n";
in
{
  imports = [
    (lib.mkRemovedOptionModule [ "services" "journald" "extraConfig" ] "Use services.journald.settings.Journal instead.")
  ];

  options.systemd = managed service // {
    user = managed service // {
      tmpfiles.rules = words "Rules for the files of every user.";
    };
    package = mkOption { type = types.package; default = pkgs.systemd; description = "The systemd package."; };
    packages = mkOption { type = types.listOf types.package; default = [ ]; description = "Packages with units."; };
    suppressedSystemUnits = words "Units of systemd that are left out.";
    defaultUnit = mkOption { type = types.str; default = "multi-user.target"; description = "What is started at boot."; };
    enableEmergencyMode = yes "Whether a failed boot ends in a shell.";
    globalEnvironment = mkOption { type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ])); default = { }; description = "Environment of all services."; };
    oomd.enable = yes "Whether systemd-oomd runs (never, here).";
    coredump.enable = yes "Accepted, without effect.";
    settings.Manager = section "Settings of the manager.";
    mounts = mkOption { type = types.listOf types.attrs; default = [ ]; description = "Accepted, without effect."; };
    tmpfiles.rules = words "Rules for temporary files.";
    tmpfiles.settings = mkOption {
      default = { };
      description = "Rules for temporary files, as attributes.";
      type = types.attrsOf (types.attrsOf (types.attrsOf (types.submodule {
        options = lib.mapAttrs (_: d: mkOption { type = types.str; default = d; description = "Column of the rule."; })
          { mode = "-"; user = "-"; group = "-"; age = "-"; argument = ""; };
      })));
    };
  };
  options.services = {
    journald.settings.Journal = section "Settings of the journal.";
    journald.storage = mkOption { type = types.enum [ "persistent" "volatile" "auto" "none" ]; default = "persistent"; description = "Where the journal is."; };
    journald.console = mkOption { type = types.str; default = ""; description = "Accepted, without effect."; };
    logind.settings.Login = section "Settings of logind.";
    logind.extraConfig = lines "Accepted, without effect.";
    udev.enable = yes "Accepted: udev never runs in a container.";
    udev.packages = mkOption { type = types.listOf types.package; default = [ ]; description = "Accepted, without effect."; };
    udisks2.enable = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    dbus.enable = yes "Whether D-Bus runs.";
    dbus.packages = mkOption { type = types.listOf types.package; default = [ ]; description = "Accepted, without effect."; };
    getty.autologinUser = mkOption { type = types.nullOr types.str; default = null; description = "Who is logged in on consoles without being asked."; };
    getty.helpLine = lines "Accepted, without effect.";
    logrotate.enable = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    timesyncd.enable = mkOption { type = types.bool; default = false; description = "Accepted: a container has the clock of its host."; };
    openssh.enable = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    openssh.startWhenNeeded = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
  };

  config = {
    systemd.services = lib.mkMerge [
      # What Debian starts and a container cannot use.
      (lib.genAttrs [
        "systemd-modules-load" "systemd-remount-fs" "systemd-random-seed" "systemd-hwdb-update" "systemd-pstore"
        "systemd-timesyncd" "systemd-binfmt" "systemd-firstboot" "ldconfig" "e2scrub_reap" "dpkg-db-backup" "apt-daily" "apt-daily-upgrade"
        "kmod-static-nodes" "modprobe@" "systemd-machine-id-commit" "networking" "keyboard-setup" "console-setup" "systemd-update-utmp" "systemd-journal-catalog-update"
        "systemd-network-generator" "systemd-pcrphase" "systemd-tpm2-setup" "systemd-tpm2-setup-early" "systemd-sysctl"
      ] (_: { enable = lib.mkDefault false; }))
      (lib.genAttrs [ "container-getty@" "getty@" "serial-getty@" "autovt@" ] (_: { enable = lib.mkDefault config.console.enable; }))
      { console-getty.enable = lib.mkDefault config.boot.isContainer; }
      (lib.mkIf (config.services.getty.autologinUser != null) {
        "serial-getty@".serviceConfig.ExecStart = [ "" "/sbin/agetty --autologin ${config.services.getty.autologinUser} --keep-baud 115200,57600,38400,9600 - $TERM" ];
        "getty@".serviceConfig.ExecStart = [ "" "/sbin/agetty --autologin ${config.services.getty.autologinUser} --noclear - $TERM" ];
      })
      (lib.genAttrs [ "systemd-udevd" "systemd-udev-trigger" "systemd-udev-settle" "systemd-udev-load-credentials" ] (_: { enable = lib.mkDefault config.services.udev.enable; }))
    ];
    systemd.timers = lib.genAttrs [ "apt-daily" "apt-daily-upgrade" "dpkg-db-backup" "e2scrub_all" "fstrim" ] (_: { enable = lib.mkDefault false; });
    systemd.sockets = lib.genAttrs [ "systemd-udevd-control" "systemd-udevd-kernel" "systemd-udevd-varlink" ] (_: { enable = lib.mkDefault config.services.udev.enable; })
      // lib.genAttrs [ "systemd-creds" "systemd-pcrextend" "systemd-pcrlock" ] (_: { enable = lib.mkDefault false; });

    system.build.units = unitDirectory "system" "system" cfg false ''
      ln -sfn /usr/lib/systemd/system/${cfg.defaultUnit} $out/default.target
      [ -e ${pkgs.debroot}/usr/lib/systemd/system/${cfg.defaultUnit} ] || ln -sfn ${cfg.defaultUnit} $out/default.target
      want() { mkdir -p "$out/$2.wants"; ln -sfn "/usr/lib/systemd/system/$1" "$out/$2.wants/$1"; }
      want dbus.socket sockets.target
      for u in ${lib.escapeShellArgs cfg.suppressedSystemUnits}; do ln -sfn /dev/null "$out/$u"; done
      ${lib.optionalString (!cfg.enableEmergencyMode) "ln -sfn /dev/null $out/emergency.service; ln -sfn /dev/null $out/rescue.service"}
    '';
    system.build.userUnits = unitDirectory "user" "user" cfg.user true ''
      mkdir -p $out/sockets.target.wants
      ln -sfn /usr/lib/systemd/user/dbus.socket $out/sockets.target.wants/dbus.socket
    '';
    environment.etc = {
      "systemd/system".source = config.system.build.units;
      "systemd/user".source = config.system.build.userUnits;
      "systemd/system.conf".text = "[Manager]\n" + keys cfg.settings.Manager
        + lib.optionalString (cfg.globalEnvironment != { }) "DefaultEnvironment=${toString (lib.mapAttrsToList (n: v: builtins.toJSON "${n}=${toString v}") cfg.globalEnvironment)}\n" + cfg.extraConfig;
      "systemd/user.conf".text = "[Manager]\n" + cfg.user.extraConfig;
      "systemd/journald.conf".text = "[Journal]\nStorage=${config.services.journald.storage}\n" + keys config.services.journald.settings.Journal;
      "systemd/logind.conf".text = "[Login]\nKillUserProcesses=no\n" + keys config.services.logind.settings.Login;
      "tmpfiles.d/00-nixos.conf".text = lib.concatMapStrings (r: r + "\n") cfg.tmpfiles.rules;
      "user-tmpfiles.d/00-nixos.conf".text = lib.concatMapStrings (r: r + "\n") cfg.user.tmpfiles.rules;
    } // lib.mapAttrs' (n: paths: lib.nameValuePair "tmpfiles.d/${n}.conf" {
      text = lib.concatStrings (lib.concatLists (lib.mapAttrsToList (path: ts: lib.mapAttrsToList (rule path) ts) paths));
    }) cfg.tmpfiles.settings;
  };
}
