{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  flag = default: description: mkOption { type = types.bool; inherit default description; };
  cfg = config.networking;
  net = config.systemd.network;
  ini = sections: lib.generators.toINI { } (lib.filterAttrs (_: s: s != { }) sections);
  anything = description: mkOption { type = types.attrsOf types.unspecified; default = { }; inherit description; };
in
{
  options = {
    networking = {
      hostName = mkOption {
        type = types.strMatching "^$|^[[:alnum:]]([[:alnum:]_-]{0,61}[[:alnum:]])?$";
        default = "nixos";
        description = "Name of the machine; empty when something else gives it.";
      };
      domain = mkOption { type = types.nullOr types.str; default = null; description = "Domain."; };
      hosts = mkOption { type = types.attrsOf (types.listOf types.str); default = { }; description = "Lines of /etc/hosts."; };
      extraHosts = mkOption { type = types.lines; default = ""; description = "More lines of /etc/hosts."; };
      nameservers = mkOption { type = types.listOf types.str; default = [ ]; description = "Name servers."; };
      useDHCP = flag true "Whether every interface uses DHCP.";
      useNetworkd = flag false "Whether systemd-networkd is used.";
      useHostResolvConf = flag false "Whether /etc/resolv.conf comes from the host.";
      resolvconf.enable = flag true "Accepted, without effect.";
      dhcpcd.enable = flag true "Accepted, without effect.";
      networkmanager.enable = flag false "Accepted, without effect.";
      wireless.enable = flag false "Accepted, without effect.";
      nftables.enable = flag false "Accepted, without effect.";
      proxy.default = mkOption { type = types.nullOr types.str; default = null; description = "Proxy."; };
      firewall = {
        enable = flag true "Accepted: the stand-in has no firewall.";
        allowedTCPPorts = mkOption { type = types.listOf types.port; default = [ ]; description = "Accepted, without effect."; };
        allowedUDPPorts = mkOption { type = types.listOf types.port; default = [ ]; description = "Accepted, without effect."; };
      };
    };
    systemd.network = {
      enable = flag cfg.useNetworkd "Whether systemd-networkd runs.";
      wait-online.enable = flag true "Whether something waits for the network.";
      wait-online.anyInterface = flag cfg.useDHCP "Whether one interface is enough.";
      wait-online.timeout = mkOption { type = types.ints.unsigned; default = 120; description = "Seconds."; };
      networks = mkOption {
        default = { };
        description = "Networks.";
        type = types.attrsOf (types.submodule { options = {
          enable = flag true "Whether it is used.";
          matchConfig = anything "Section [Match].";
          networkConfig = anything "Section [Network].";
          linkConfig = anything "Section [Link].";
          dhcpV4Config = anything "Section [DHCPv4].";
          ipv6AcceptRAConfig = anything "Section [IPv6AcceptRA].";
          DHCP = mkOption { type = types.nullOr types.str; default = null; description = "DHCP=."; };
        }; });
      };
    };
    services.resolved = {
      enable = flag cfg.useNetworkd "Whether systemd-resolved runs.";
      dnssec = mkOption { type = types.str; default = "false"; description = "DNSSEC=."; };
      llmnr = mkOption { type = types.str; default = "true"; description = "LLMNR=."; };
      fallbackDns = mkOption { type = types.nullOr (types.listOf types.str); default = null; description = "FallbackDNS=."; };
      extraConfig = mkOption { type = types.lines; default = ""; description = "More lines."; };
      settings.Resolve = anything "Section [Resolve].";
    };
  };

  config = {
    assertions = [
      {
        assertion = config.services.resolved.enable -> !cfg.useHostResolvConf;
        message = "Using host resolv.conf is not supported with systemd-resolved";
      }
    ];
    systemd.services.systemd-networkd = lib.mkIf net.enable { wantedBy = [ "multi-user.target" ]; };
    systemd.sockets.systemd-networkd = lib.mkIf net.enable { wantedBy = [ "sockets.target" ]; };
    systemd.services.systemd-networkd-wait-online = lib.mkIf (net.enable && net.wait-online.enable) {
      wantedBy = [ "network-online.target" ];
      serviceConfig.ExecStart = [
        ""
        "/usr/lib/systemd/systemd-networkd-wait-online --timeout=${toString net.wait-online.timeout}${lib.optionalString net.wait-online.anyInterface " --any"}"
      ];
    };
    systemd.services.systemd-resolved = lib.mkIf config.services.resolved.enable { wantedBy = [ "multi-user.target" ]; };
    environment.etc = {
      hosts.text = ''
        127.0.0.1 localhost
        ::1 localhost
        ${lib.concatStrings (lib.mapAttrsToList (a: names: "${a} ${toString names}\n") cfg.hosts)}
        ${cfg.extraHosts}
      '';
      "nsswitch.conf".text = ''
        passwd:    files systemd
        group:     files [success=merge] systemd
        shadow:    files
        hosts:     mymachines resolve [!UNAVAIL=return] files myhostname dns
        networks:  files
        ethers:    files
        services:  files
        protocols: files
        rpc:       files
      '';
      hostname = lib.mkIf (cfg.hostName != "") { text = cfg.hostName + "\n"; };
      "resolv.conf" = lib.mkIf config.services.resolved.enable { source = "/run/systemd/resolve/stub-resolv.conf"; mode = "direct-symlink"; };
      "systemd/resolved.conf".text = ini {
        Resolve = {
          LLMNR = config.services.resolved.llmnr;
          DNSSEC = config.services.resolved.dnssec;
        } // lib.optionalAttrs (cfg.nameservers != [ ]) { DNS = toString cfg.nameservers; } // config.services.resolved.settings.Resolve;
      } + config.services.resolved.extraConfig;
    } // lib.mapAttrs' (n: v: lib.nameValuePair "systemd/network/${n}.network" {
      text = ini {
        Match = v.matchConfig;
        Link = v.linkConfig;
        Network = v.networkConfig // lib.optionalAttrs (v.DHCP != null) { inherit (v) DHCP; };
        DHCPv4 = v.dhcpV4Config;
        IPv6AcceptRA = v.ipv6AcceptRAConfig;
      };
    }) (lib.filterAttrs (_: v: v.enable && net.enable) net.networks);
    system.activationScripts.hostname = lib.mkIf (cfg.hostName != "") { text = "hostname ${cfg.hostName} || true"; };
  };
}
