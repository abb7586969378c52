# What the modules promise. `values` are evaluated together and compared; each of `errors` is evaluated alone and must
# fail with a message that contains all the given texts.
let
  nixpkgs = import ./nixpkgs.nix;
  inherit (nixpkgs) lib;
  driverPath = /. + builtins.getEnv "CODCHI_DRIVER";
  driver = (import (driverPath + "/flake.nix")).outputs { self = driver; };
  evaluate = args: driver.lib.codeMachine ({ inherit nixpkgs; } // args);
  machine = modules: (evaluate { inherit modules; }).config;
  on = name: modules: (evaluate { driver = name; inherit modules; }).config;
  file = name: config: builtins.fromJSON config.codchi.files.${name}.text;
  toplevel = config: builtins.seq config.system.build.toplevel.drvPath true;
  is = got: want: { inherit got want; };
  holds = got: is got true;
  examples = lib.attrNames (removeAttrs driver.nixosModules [ "default" ]);
  # Every option below `codchi`, those of submodules too.
  declared = tree: lib.concatMap (name:
    let option = tree.${name}; in
    if name == "_module" then [ ]
    else if lib.isOption option then [ option ] ++ declared (option.type.getSubOptions option.loc)
    else if lib.isAttrs option then declared option
    else [ ]) (lib.attrNames tree);
  public = lib.filter (o: !(o.internal or false) && o.visible or true) (declared { inherit ((evaluate { }).options) codchi; });
  lines = file: lib.length (lib.splitString "\n" (lib.removeSuffix "\n" (builtins.readFile file)));

  # A system without codchi's driver, as somebody has who brings a NixOS of their own.
  own = modules: (nixpkgs.lib.nixosSystem {
    modules = [
      driver.nixosModules.default
      {
        nixpkgs.hostPlatform = "x86_64-linux";
        system.stateVersion = "26.05";
        boot.isContainer = true;
        users.users.codchi = { isNormalUser = true; uid = 1000; };
        users.allowNoPasswordLogin = true;
      }
    ] ++ modules;
  }).config;

  # Which tests below show that an option does what it says, or what it refuses. `run --options` prints it.
  tested = {
    "codchi.docker.enable" = [ "docker" "wrong type of a flag" ];
    "codchi.docker.enableNvidia" = [ "docker with nvidia" "docker with nvidia builds" "nvidia without docker" ];
    "codchi.driver.name" = [ "driver name" "the default driver is none" "unknown driver in a module" ];
    "codchi.enableRecommendedConfig" = [ "recommended" "recommended off" "recommended gives way" ];
    "codchi.gpu.enable" = [ "gpu by default" "gpu not on another NixOS" "gpu enables graphics" "gpu off" "gpu libraries of Windows" "gpu libraries of NVIDIA's driver" ];
    "codchi.initScript" = [ "a welcome is no script" "an init script runs once" "init scripts of two modules" "the welcome can be replaced" "wrong type of initScript" ];
    "codchi.java.enable" = [ "jdks without links" ];
    "codchi.java.jdks" = [ "jdks" "old name of the JDKs" ];
    "codchi.keyring.enable" = [ "keyring" "conflict" ];
    "codchi.requiredCapabilities" = [ "capabilities.json" "capabilities before the build" "capabilities of two modules" "unknown capability" ];
    "codchi.secrets.env" = [ "secrets of two modules" "secrets.json" ];
    "codchi.secrets.env.<name>.description" = [ "secrets.json" "secret without a description" ];
    "codchi.secrets.env.<name>.file" = [ "env secret" "a variable's file is read-only" ];
    "codchi.secrets.env.<name>.generator" = [ "secrets.json" ];
    "codchi.secrets.env.<name>.generator.format" = [ "secrets.json" ];
    "codchi.secrets.env.<name>.generator.length" = [ "a generated secret that is too short" ];
    "codchi.secrets.env.<name>.name" = [ "env secret with another name" "name of an env secret" "two secrets of one name" "a secret that hides the machine's name" ];
    "codchi.secrets.env.<name>.optional" = [ "env secret" ];
    "codchi.secrets.env.<name>.restartUnits" = [ "env secret that restarts a unit" ];
    "codchi.secrets.env.<name>.variable" = [ "env secret" "a secret's variable is read-only" ];
    "codchi.secrets.files" = [ "secrets.json" "secrets are waited for" "secrets on another NixOS" ];
    "codchi.secrets.files.<name>.description" = [ "secrets.json" ];
    "codchi.secrets.files.<name>.generator" = [ "secrets.json" ];
    "codchi.secrets.files.<name>.generator.format" = [ "secrets.json" "form of a generated secret" ];
    "codchi.secrets.files.<name>.generator.length" = [ "secrets.json" "a generated file that is too long" ];
    "codchi.secrets.files.<name>.group" = [ "file secret" "file secret of a service" ];
    "codchi.secrets.files.<name>.mode" = [ "file secret" "mode of a file secret" ];
    "codchi.secrets.files.<name>.name" = [ "file secret of a service" "name of a file secret" "two file secrets of one name" ];
    "codchi.secrets.files.<name>.optional" = [ "file secret of a service" "secrets.json" ];
    "codchi.secrets.files.<name>.owner" = [ "file secret" "file secret of a service" ];
    "codchi.secrets.files.<name>.path" = [ "file secret" "a secret's paths are read-only" ];
    "codchi.secrets.files.<name>.restartUnits" = [ "file secret of a service" ];
    "codchi.user" = [ "the user of another NixOS" "another user" "old name of the user" ];
  };

  cases = {
  values = {
    # --- every driver builds a whole system, without a warning ---
    "toplevel lxd" = holds (toplevel (machine [ ]));
    "toplevel wsl" = holds (toplevel (on "wsl" [ ]));
    "toplevel none" = holds (toplevel (own [ ]));
    "toplevel lxd on aarch64" = holds (toplevel (evaluate { system = "aarch64-linux"; }).config);
    "no warnings lxd" = is (machine [ ]).warnings [ ];
    "no warnings wsl" = is (on "wsl" [ ]).warnings [ ];
    "no warnings none" = is (own [ ]).warnings [ ];
    "driver name" = is (map (d: (on d [ ]).codchi.driver.name) [ "lxd" "wsl" "none" ]) [ "lxd" "wsl" "none" ];
    "the default driver is none" = is (own [ ]).codchi.driver.name "none";

    # --- the person ---
    "user" = is (builtins.intersectAttrs { uid = 0; group = 0; home = 0; isNormalUser = 0; linger = 0; } (machine [ ]).users.users.codchi)
      { uid = 1000; group = "users"; home = "/home/codchi"; isNormalUser = true; linger = true; };
    "wheel" = holds (lib.elem "wheel" (machine [ ]).users.users.codchi.extraGroups);
    "sudo without a password by default" = is (machine [ ]).security.sudo.wheelNeedsPassword false;
    "sudo with a password if asked for" = is (machine [ { security.sudo.wheelNeedsPassword = true; } ]).security.sudo.wheelNeedsPassword true;
    "login session" = is (machine [ ]).security.pam.services.runuser-l.startSession true;

    # --- a container with somebody else's store ---
    "container" = is (machine [ ]).boot.isContainer true;
    "builds through the daemon" = is (machine [ ]).environment.sessionVariables.NIX_REMOTE "daemon";
    "no daemon of its own" = is [ (machine [ ]).systemd.services.nix-daemon.enable (machine [ ]).systemd.sockets.nix-daemon.enable ] [ false false ];
    "no garbage collection of its own" = is (machine [ { nix.gc.automatic = true; } ]).nix.gc.automatic false;
    "the name comes from the container" = is (machine [ ]).networking.hostName "";
    "no emergency mode" = is (machine [ ]).systemd.enableEmergencyMode false;
    "no consoles" = is (map (s: (machine [ ]).systemd.services.${s}.enable) [ "getty@" "console-getty" "container-getty@" ]) [ false false false ];
    "no file systems of the kernel" = holds (lib.elem "sys-kernel-debug.mount" (machine [ ]).systemd.suppressedSystemUnits);
    "no udev" = is (let s = (machine [ ]).systemd; in [ s.services.systemd-udevd.enable s.sockets.systemd-udevd-kernel.enable ]) [ false false ];
    "nix does not touch the store's directories" = is (toString (machine [ ]).environment.etc."tmpfiles.d/nix-daemon.conf".source) "/dev/null";
    "preferences of others win, without a conflict" = is
      (let c = machine [
        {
          xdg.mime.enable = lib.mkDefault false;
          networking.useDHCP = lib.mkDefault true;
          users.mutableUsers = lib.mkDefault true;
          services.logrotate.enable = lib.mkDefault true;
        }
      ]; in [ c.xdg.mime.enable c.networking.useDHCP c.users.mutableUsers c.services.logrotate.enable (toplevel c) ])
      [ false true true true true ];
    "DHCP" = is (machine [ ]).systemd.network.networks."50-codchi".networkConfig.DHCP "yes";
    "network without udev" = is (machine [ ]).systemd.services.systemd-networkd.serviceConfig.BindReadOnlyPaths [ "/sys" ];
    "sudo's plugins are copied" = holds (lib.hasInfix "/run/codchi/sudo" (machine [ ]).environment.etc."sudo.conf".text);
    "registry names the machine's nixpkgs" = holds ((machine [ ]).nix.registry ? nixpkgs);
    "search path names the machine's nixpkgs" = holds (nixpkgs.real || lib.elem "nixpkgs=flake:nixpkgs" (machine [ ]).nix.nixPath);
    "flakes are on" = holds (lib.all (f: lib.elem f (machine [ ]).nix.settings.experimental-features) [ "nix-command" "flakes" ]);
    "roots of nix have a directory" = holds (lib.elem "d /nix/var/nix/gcroots 0755 root root -" (machine [ ]).systemd.tmpfiles.rules);
    "the journal has a limit" = is (let j = (machine [ ]).services.journald.settings.Journal; in [ j.SystemMaxUse j.RuntimeMaxUse ]) [ "200M" "50M" ];
    "desktop" = is
      (let c = machine [ ]; in [ c.xdg.autostart.enable c.xdg.icons.enable c.xdg.menus.enable c.xdg.mime.enable c.fonts.enableDefaultPackages
        (lib.elem "/share/applications" c.environment.pathsToLink) ])
      [ true true true true true true ];
    "state version can be kept" = is (evaluate { stateVersion = "24.11"; }).config.system.stateVersion "24.11";
    "state version defaults to the release" = is (machine [ ]).system.stateVersion lib.trivial.release;

    # --- the environment of every way in ---
    "environment file" = is (let e = (machine [ ]).environment.etc."codchi-env"; in [ (toString e.source) e.mode ]) [ "/run/codchi/env" "direct-symlink" ];
    "environment file is loaded" = holds (lib.hasInfix ". /etc/codchi-env" (machine [ ]).environment.extraInit);
    "environment file is loaded without codchi" = holds (lib.hasInfix ". /etc/codchi-env" (own [ ]).environment.extraInit);
    "user services" = holds ((machine [ ]).environment.etc ? "systemd/user-environment-generators/60-codchi");
    "what starts with the desktop" = is
      (let t = c: c.systemd.user.targets.codchi-desktop.wants; in [ (t (machine [ ])) (t (machine [ { xdg.autostart.enable = false; } ])) ((own [ ]).systemd.user.targets ? codchi-desktop) ])
      [ [ "graphical-session-pre.target" "xdg-desktop-autostart.target" ] [ "graphical-session-pre.target" ] false ];
    "programs of the host" = is
      (lib.sort builtins.lessThan (lib.filter (lib.hasPrefix "codchi-") (map (p: p.name or "") (machine [ ]).environment.systemPackages)))
      [ "codchi-deliver" "codchi-enter" "codchi-exec" "codchi-init" "codchi-login" "codchi-wait" ];
    "nothing of it on another NixOS" = is
      (lib.filter (lib.hasPrefix "codchi-") (map (p: p.name or "") (own [ ]).environment.systemPackages)) [ "codchi-init" ];

    # --- secrets ---
    "no secrets, nothing to wait for" = is ((machine [ ]).systemd.services ? codchi-secrets) false;
    "no secrets, but the target is there" = holds ((machine [ ]).systemd.targets ? codchi-secrets);
    "env secret" = is
      (let s = (machine [ { codchi.secrets.env.TOKEN.description = "a token"; } ]).codchi.secrets.env.TOKEN; in [ s.variable s.file s.optional ])
      [ "CODCHI_TOKEN" "/run/codchi/secrets/env/TOKEN" false ];
    "env secret with another name" = is
      (machine [ { codchi.secrets.env.token = { name = "GITLAB_TOKEN"; description = "a token"; }; } ]).codchi.secrets.env.token.variable "CODCHI_GITLAB_TOKEN";
    "file secret" = is
      (let s = (machine [ { codchi.secrets.files.key = { description = "a key"; mode = "0440"; }; } ]).codchi.secrets.files.key; in [ s.path s.owner s.group s.mode ])
      [ "/run/codchi/secrets/files/key" "codchi" "users" "0440" ];
    "secrets.json" = is (file "secrets.json" (machine [ { codchi.secrets.env.T.description = "t"; codchi.secrets.files.f = { description = "f"; optional = true; generator = { format = "hex"; length = 64; }; }; } ])) {
      schema = 1;
      env = [ { name = "T"; variable = "CODCHI_T"; file = "/run/codchi/secrets/env/T"; description = "t"; optional = false; generator = null; } ];
      files = [ { name = "f"; path = "/run/codchi/secrets/files/f"; owner = "codchi"; group = "users"; mode = "0400"; description = "f"; optional = true; generator = { format = "hex"; length = 64; }; } ];
    };
    "driver.json" = is (file "driver.json" (machine [ ])) {
      schema = 1; driver = "lxd"; system = "x86_64-linux"; nixos = lib.trivial.release; stateVersion = lib.trivial.release;
      user = { name = "codchi"; uid = 1000; gid = 100; home = "/home/codchi"; };
    };
    "capabilities.json" = is (file "capabilities.json" (machine [ { codchi.requiredCapabilities = [ "usb" "usb" ]; } ])).required [ "usb" ];
    "capabilities before the build" = is (machine [ { codchi.requiredCapabilities = [ "display" ]; codchi.gpu.enable = false; } ]).codchi.capabilities
      { required = [ "display" ]; wanted = [ "display" "sound" "ssh-agent" "git-credentials" "certificates" "proxy" ]; };
    "secrets are waited for" = is (machine [ { codchi.secrets.files.key.description = "a key"; } ]).systemd.targets.codchi-secrets.requires [ "codchi-secrets.service" ];
    "secrets on another NixOS" = is
      (let c = own [ { codchi.secrets.files.key.description = "a key"; } ]; in [ c.systemd.targets.codchi-secrets.requires (c.systemd.services ? codchi-secrets) ])
      [ [ "codchi-secrets.service" ] true ];
    "no secrets on another NixOS, but the target is there" = is (let c = own [ ]; in [ c.systemd.targets.codchi-secrets.requires (c.systemd.services ? codchi-secrets) ]) [ [ ] false ];
    "file secret of a service" = is
      (let s = (machine [ { codchi.secrets.files.key = { name = "id"; description = "a key"; owner = "postgres"; group = "postgres"; optional = true; restartUnits = [ "postgresql.service" ]; }; } ]).codchi.secrets.files.key; in
        [ s.name s.owner s.group s.optional s.restartUnits ])
      [ "id" "postgres" "postgres" true [ "postgresql.service" ] ];
    "env secret that restarts a unit" = is
      (lib.sort builtins.lessThan (machine [ { codchi.secrets.env.T = { description = "t"; restartUnits = [ "a.service" ]; }; } { codchi.secrets.env.T.restartUnits = [ "b.service" ]; } ]).codchi.secrets.env.T.restartUnits)
      [ "a.service" "b.service" ];
    "secrets of two modules" = is
      (lib.attrNames (machine [ { codchi.secrets.env.A.description = "a"; } { codchi.secrets.env.B.description = "b"; } ]).codchi.secrets.env) [ "A" "B" ];

    # --- the init script ---
    "a welcome is no script" = is (let c = machine [ ]; in [ c.codchi.initScriptRuns (c.systemd.services ? codchi-init) ]) [ false false ];
    "an init script runs once" = is (machine [ { codchi.initScript = "true"; } ]).systemd.services.codchi-init.unitConfig.ConditionPathExists
      "!/home/codchi/.local/state/codchi/init-done";
    "init scripts of two modules" = holds (let s = (machine [ { codchi.initScript = "one"; } { codchi.initScript = "two"; } ]).codchi.initScript; in
      lib.hasInfix "Welcome" s && lib.hasInfix "one" s && lib.hasInfix "two" s);
    "the welcome can be replaced" = is (machine [ { codchi.initScript = lib.mkForce "mine"; } ]).codchi.initScript "mine";
    "no init unit on another NixOS" = is ((own [ { codchi.initScript = "true"; } ]).systemd.services ? codchi-init) false;

    # --- the other options ---
    "gpu by default" = is (map (d: (on d [ ]).codchi.gpu.enable) [ "lxd" "wsl" ]) [ true true ];
    "gpu not on another NixOS" = is (own [ ]).codchi.gpu.enable false;
    "gpu enables graphics" = is (machine [ ]).hardware.graphics.enable true;
    "gpu off" = is (machine [ { codchi.gpu.enable = false; } ]).hardware.graphics.enable false;
    "gpu libraries of Windows" = is (lib.length (on "wsl" [ ]).hardware.graphics.extraPackages) 1;
    "gpu libraries of NVIDIA's driver" = is
      (map (c: lib.hasInfix "/var/lib/codchi/host/nvidia" c.environment.extraInit)
        [ (on "lxd" [ ]) (on "wsl" [ ]) (own [ ]) (machine [ { codchi.gpu.enable = false; } ]) ])
      [ true false false false ];
    "docker" = is (let c = machine [ { codchi.docker.enable = true; } ]; in [ c.virtualisation.docker.enable c.users.groups.docker.members ]) [ true [ "codchi" ] ];
    "docker with nvidia" = is
      (map (d: let c = on d [ { codchi.docker = { enable = true; enableNvidia = true; }; } ]; in
        [ c.hardware.nvidia-container-toolkit.enable c.hardware.nvidia-container-toolkit.discovery-mode ]) [ "lxd" "wsl" ])
      [ [ true "auto" ] [ true "wsl" ] ];
    "docker with nvidia builds" = holds (nixpkgs.real || toplevel (on "wsl" [ { codchi.docker = { enable = true; enableNvidia = true; }; } ]));
    "jdks" = is
      (lib.attrNames (machine [ ({ pkgs, ... }: { codchi.java.jdks.a = pkgs.hello; }) ]).systemd.tmpfiles.settings."50-codchi-jdks")
      [ "/home/codchi/.jdks" "/home/codchi/.jdks/a" ];
    "jdks without links" = is
      ((machine [ ({ pkgs, ... }: { codchi.java = { enable = false; jdks.a = pkgs.hello; }; }) ]).systemd.tmpfiles.settings ? "50-codchi-jdks") false;
    "the user of another NixOS" = is
      (own [ ({ lib, ... }: { codchi.user = "alice"; codchi.secrets.files.key.description = "x"; users.users.alice = { isNormalUser = true; uid = 1001; }; }) ]).codchi.secrets.files.key.owner "alice";
    "keyring" = is (machine [ { codchi.keyring.enable = true; } ]).services.gnome.gnome-keyring.enable true;
    "recommended" = is (machine [ ]).programs.git.enable true;
    "recommended off" = is (machine [ { codchi.enableRecommendedConfig = false; } ]).programs.git.enable false;
    "recommended gives way" = is (machine [ { programs.git.enable = false; } ]).programs.git.enable false;
    "capabilities of two modules" = is
      (lib.sort builtins.lessThan (machine [ { codchi.requiredCapabilities = [ "gpu" ]; } { codchi.requiredCapabilities = [ "usb" ]; } ]).codchi.requiredCapabilities) [ "gpu" "usb" ];

    # --- WSL ---
    "wsl.conf is a file" = is (on "wsl" [ ]).environment.etc."wsl.conf".mode "0644";
    "wsl.conf starts systemd for the user" = holds (let t = (on "wsl" [ ]).environment.etc."wsl.conf".text; in
      lib.hasInfix "systemd=true" t && lib.hasInfix "default=codchi" t && lib.hasInfix "appendWindowsPath=false" t);
    "programs of Windows run" = is (on "wsl" [ ]).boot.binfmt.registrations.WSLInterop.interpreter "/init";
    "browser of Windows" = is (lib.toList (on "wsl" [ ]).xdg.mime.defaultApplications."x-scheme-handler/https") [ "codchi-open.desktop" ];

    "addresses and names of Windows" = is
      (let c = on "wsl" [ ]; in [
        (lib.hasInfix "generateHosts=true" c.environment.etc."wsl.conf".text)
        (lib.hasInfix "generateResolvConf=true" c.environment.etc."wsl.conf".text)
        c.environment.etc.hosts.enable
        c.networking.resolvconf.enable
        c.services.resolved.enable
      ]) [ true true false false false ];
    "file manager of Windows" = is (lib.toList (on "wsl" [ ]).xdg.mime.defaultApplications."inode/directory") [ "codchi-open.desktop" ];
    "display of Windows" = is (on "wsl" [ ]).systemd.tmpfiles.settings."50-codchi-wslg"."/tmp/.X11-unix"."L+".argument "/mnt/wslg/.X11-unix";
    "wslpath" = holds (lib.any (p: (p.name or "") == "wslpath") (on "wsl" [ ]).environment.systemPackages);

    # --- what other people's modules rely on ---
    "their own inputs and self" = is
      (evaluate {
        modules = [ ({ inputs, self, codchiInputs, ... }: { environment.etc.probe.text = "${inputs.mine} ${self} ${codchiInputs.ours}"; }) ];
        specialArgs = { inputs.mine = "mine"; self = "self"; };
        inputs.ours = "ours";
      }).config.environment.etc.probe.text "mine self ours";
    "their own inputs through _module.args" = is
      (machine [ { _module.args.inputs.mine = "mine"; } ({ inputs, ... }: { environment.etc.probe.text = inputs.mine; }) ]).environment.etc.probe.text "mine";
    "old name of the JDKs" = is
      (let c = machine [ ({ pkgs, ... }: { programs.java.packages.a = pkgs.hello; }) ]; in
        [ (lib.attrNames c.codchi.java.jdks) (lib.length c.warnings) (lib.hasInfix "codchi.java.jdks" (lib.head c.warnings)) ]) [ [ "a" ] 1 true ];
    "old name of the user" = is (lib.length (own [ { codchi.defaultUser = "codchi"; } ]).warnings) 1;

    # --- the options as a whole ---
    "every option is described" = is (map (o: lib.showOption o.loc) (lib.filter (o: (o.description or "") == "" || (o.type.description or "") == "") public)) [ ];
    "every option has a default, or has to be set" = is
      (map (o: lib.showOption o.loc) (lib.filter (o: !(o ? default || o ? defaultText)) public))
      [ "codchi.secrets.env.<name>.description" "codchi.secrets.files.<name>.description" ];
    "every option that can be set has an example" = is (map (o: lib.showOption o.loc) (lib.filter (o: !(o ? example) && !(o.readOnly or false)) public)) [ ];
    "examples are read in a minute" = is (lib.filter (e: lines (driver.templates.${e}.path + "/module.nix") > 40) examples) [ ];
    "the list of tests names every option" = is (lib.attrNames tested) (lib.unique (lib.sort builtins.lessThan (map (o: lib.showOption o.loc) public)));
    "the list of tests names tests" = is
      (lib.filter (t: !(cases.values ? ${t} || cases.errors ? ${t})) (lib.concatLists (lib.attrValues tested))) [ ];

    # --- tools of the store ---
    "store tools" = holds (builtins.seq (driver.lib.storeTools { inherit nixpkgs; system = "x86_64-linux"; }).drvPath true);
    "templates" = is (lib.attrNames driver.templates) (lib.sort builtins.lessThan (examples ++ [ "default" ]));
    "templates are flakes" = holds (lib.all (t: builtins.pathExists (t.path + "/flake.nix") && (import (t.path + "/flake.nix")).description == t.description) (lib.attrValues driver.templates));
  }
  # --- each example, on each driver ---
  // lib.listToAttrs (lib.concatMap (example: map (d: {
    name = "example ${example} ${d}";
    value = let config = if d == "none" then own [ driver.nixosModules.${example} ] else on d [ driver.nixosModules.${example} ]; in
      is [ (toplevel config) config.warnings ] [ true [ ] ];
  }) [ "lxd" "wsl" "none" ]) examples);

  errors = {
    "wrong type of initScript" = {
      expression = (machine [ { codchi.initScript = 42; } ]).codchi.initScript;
      texts = [ "A definition for option `codchi.initScript' is not of type `null or strings concatenated with \"\\n\"'. Definition values:" "42" ];
    };
    "wrong type of a flag" = {
      expression = (machine [ { codchi.docker.enable = "yes"; } ]).codchi.docker.enable;
      texts = [ "A definition for option `codchi.docker.enable' is not of type `boolean'" "\"yes\"" ];
    };
    "unknown option" = {
      expression = toplevel (machine [ { codchi.dokcer.enable = true; } ]);
      texts = [ "The option `codchi.dokcer' does not exist. Definition values:" ];
    };
    "conflict" = {
      expression = toplevel (machine [ { codchi.keyring.enable = true; } { codchi.keyring.enable = false; } ]);
      texts = [ "The option `codchi.keyring.enable' has conflicting definition values:" ];
    };
    "secret without a description" = {
      expression = toplevel (machine [ { codchi.secrets.env.TOKEN = { }; } ]);
      texts = [ "The option `codchi.secrets.env.TOKEN.description' was accessed but has no value defined. Try setting the option." ];
    };
    "name of an env secret" = {
      expression = toplevel (machine [ { codchi.secrets.env."my-token".description = "x"; } ]);
      texts = [ "A definition for option `codchi.secrets.env.my-token.name' is not of type `string matching the pattern [A-Za-z_][A-Za-z0-9_]*'" ];
    };
    "two file secrets of one name" = {
      expression = toplevel (machine [ { codchi.secrets.files.a = { name = "x"; description = "x"; }; codchi.secrets.files.b = { name = "x"; description = "x"; }; } ]);
      texts = [ "codchi: two secrets have the same name: x." ];
    };
    "mode of a file secret" = {
      expression = toplevel (machine [ { codchi.secrets.files.a = { description = "x"; mode = "rw"; }; } ]);
      texts = [ "A definition for option `codchi.secrets.files.a.mode' is not of type `string matching the pattern 0?[0-7]{3}'" ];
    };
    "form of a generated secret" = {
      expression = toplevel (machine [ { codchi.secrets.files.a = { description = "x"; generator.format = "uuid"; }; } ]);
      texts = [ "A definition for option `codchi.secrets.files.a.generator.format' is not of type `one of \"hex\", \"base64\", \"alphanumeric\"'" ];
    };
    "a generated file that is too long" = {
      expression = toplevel (machine [ { codchi.secrets.files.a = { description = "x"; generator.length = 4096; }; } ]);
      texts = [ "A definition for option `codchi.secrets.files.a.generator.length' is not of type `integer between 8 and 1024 (both inclusive)'" ];
    };
    "a secret's paths are read-only" = {
      expression = toplevel (machine [ { codchi.secrets.files.a = { path = "/etc/passwd"; description = "x"; }; } ]);
      texts = [ "The option `codchi.secrets.files.a.path' is read-only" ];
    };
    "a variable's file is read-only" = {
      expression = toplevel (machine [ { codchi.secrets.env.A = { file = "/etc/passwd"; description = "x"; }; } ]);
      texts = [ "The option `codchi.secrets.env.A.file' is read-only" ];
    };
    "name of a file secret" = {
      expression = toplevel (machine [ { codchi.secrets.files."../etc/passwd".description = "x"; } ]);
      texts = [ "codchi.secrets.files.\"../etc/passwd\".name' is not of type `string matching the pattern" ];
    };
    "two secrets of one name" = {
      expression = toplevel (machine [ { codchi.secrets.env.A = { name = "X"; description = "x"; }; codchi.secrets.env.B = { name = "X"; description = "x"; }; } ]);
      texts = [ "codchi: two secrets have the same name: X." ];
    };
    "a secret that hides the machine's name" = {
      expression = toplevel (machine [ { codchi.secrets.env.MACHINE_NAME.description = "x"; } ]);
      texts = [ "codchi: a secret is called MACHINE_NAME, but CODCHI_MACHINE_NAME is the name of the machine." ];
    };
    "a secret that hides the machine's name, shortly" = {
      expression = toplevel (machine [ { codchi.secrets.env.NAME.description = "x"; } ]);
      texts = [ "codchi: a secret is called NAME, but CODCHI_NAME is the name of the machine." ];
    };
    "a generated secret that is too short" = {
      expression = toplevel (machine [ { codchi.secrets.env.A = { description = "x"; generator.length = 4; }; } ]);
      texts = [ "A definition for option `codchi.secrets.env.A.generator.length' is not of type `integer between 8 and 1024 (both inclusive)'" ];
    };
    "a secret's variable is read-only" = {
      expression = toplevel (machine [ { codchi.secrets.env.A = { variable = "PATH"; description = "x"; }; } ]);
      texts = [ "The option `codchi.secrets.env.A.variable' is read-only" ];
    };
    "unknown capability" = {
      expression = toplevel (machine [ { codchi.requiredCapabilities = [ "camera" ]; } ]);
      texts = [ "is not of type `one of \"display\", \"sound\", \"gpu\", \"usb\", \"ssh-agent\", \"git-credentials\", \"certificates\", \"proxy\"'" "camera" ];
    };
    "unknown driver" = {
      expression = toplevel (evaluate { driver = "docker"; }).config;
      texts = [ "codchi: the machine asks for the driver `docker', which does not exist. Use one of: lxd, wsl, none." ];
    };
    "unknown driver in a module" = {
      expression = toplevel (own [ { codchi.driver.name = "docker"; } ]);
      texts = [ "A definition for option `codchi.driver.name' is not of type `one of \"lxd\", \"wsl\", \"none\"'" ];
    };
    "unsupported system" = {
      expression = toplevel (evaluate { system = "riscv64-linux"; name = "demo"; }).config;
      texts = [ "codchi: machine demo is for the system `riscv64-linux', which code machines do not support. Use one of: x86_64-linux, aarch64-linux." ];
    };
    "a state version that is no release" = {
      expression = toplevel (evaluate { stateVersion = "latest"; name = "demo"; }).config;
      texts = [ "codchi: machine demo has the state version `latest', which is no release of NixOS." ];
    };
    "something else than nixpkgs" = {
      expression = toplevel (driver.lib.codeMachine { nixpkgs = { lib = { }; }; }).config;
      texts = [ "codchi: the flake given as `nixpkgs` of the machine has no `lib.nixosSystem`." ];
    };
    "a nixpkgs that is too old" = {
      expression =
        let old = lib // { trivial = lib.trivial // { release = "23.05"; }; }; in
        toplevel (evaluate { modules = [ { _module.args = { }; } ]; nixpkgs = nixpkgs // { lib = old // { nixosSystem = args: nixpkgs.lib.nixosSystem (args // { specialArgs = (args.specialArgs or { }) // { lib = old; }; }); }; }; }).config;
      texts = [ "codchi: this machine uses nixpkgs 23.05, but code machines need 24.11 or later." ];
    };
    "the machine's name in a module" = {
      expression = toplevel (machine [ { networking.hostName = "project"; } ]);
      texts = [ "codchi: `networking.hostName' is set to `project', but a code machine has the name that its owner gave it" "codchi.driver.name == \"none\"" ];
    };
    "another uid" = {
      expression = toplevel (machine [ { users.users.codchi.uid = 1234; } ]);
      texts = [ "codchi: `users.users.codchi.uid' is set to `1234', but the person's account has the same id in every machine." ];
    };
    "another primary group" = {
      expression = toplevel (machine [ { users.users.codchi.group = "wheel"; } ]);
      texts = [ "codchi: the primary group of `codchi' is `wheel', but files of a code machine belong to `users' (gid 100) on both sides." ];
    };
    "store tools of an unsupported system" = {
      expression = (driver.lib.storeTools { inherit nixpkgs; system = "riscv64-linux"; }).drvPath;
      texts = [ "codchi: there are no store tools for the system `riscv64-linux'. Use one of: x86_64-linux, aarch64-linux." ];
    };
    "another home" = {
      expression = toplevel (machine [ { users.users.codchi.home = "/srv/codchi"; } ]);
      texts = [ "codchi: `users.users.codchi.home' is `/srv/codchi', but the host mounts the home directory at /home/codchi." ];
    };
    "another user" = {
      expression = toplevel (machine [ { codchi.user = "alice"; users.users.alice.uid = 1000; } ]);
      texts = [ "codchi: `codchi.user` is `alice', but the user of a code machine is always `codchi'." ];
    };
    "nix switched off" = {
      expression = toplevel (machine [ { nix.enable = false; } ]);
      texts = [ "codchi: `nix.enable' is false, but a code machine builds through the nix of its host." ];
    };
    "nvidia without docker" = {
      expression = toplevel (machine [ { codchi.docker.enableNvidia = true; } ]);
      texts = [ "codchi: `codchi.docker.enableNvidia' is set without a Docker daemon." ];
    };
    "an option that is gone" = {
      expression = toplevel (machine [ { codchi.welcome.text = "hello"; } ]);
      texts = [ "The option definition `codchi.welcome.text' in" "no longer has any effect; please remove it." "lib.mkForce" ];
    };
  };

  reference = driver.lib.optionsReference { inherit nixpkgs; };

  # For `run --time`: a container without anything of codchi's, and machines.
  timed = {
    "without codchi" = toplevel (nixpkgs.lib.nixosSystem {
      modules = [{ nixpkgs.hostPlatform = "x86_64-linux"; system.stateVersion = lib.trivial.release; boot.isContainer = true; }];
    }).config;
    "lxd" = toplevel (machine [ ]);
    "wsl" = toplevel (on "wsl" [ ]);
    "none" = toplevel (own [ ]);
    "what is asked before the build (lxd)" = let c = (machine [ ]).codchi; in builtins.deepSeq [ c.declaredSecrets c.capabilities ] true;
  };

  options = lib.concatStrings (lib.mapAttrsToList (option: tests: "${option}: ${lib.concatStringsSep ", " tests}\n") tested);
  };
in
cases
