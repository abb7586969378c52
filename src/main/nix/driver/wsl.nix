# WSL: a distribution in Microsoft's virtual machine. WSL starts systemd, makes the network, and mounts the drives of Windows.
{ config, lib, options, pkgs, ... }:
let
  inherit (lib) mkDefault;
  cfg = config.codchi;

  # The multi-call program that WSL puts at /init.
  wslpath = pkgs.runCommand "wslpath" { } ''
    mkdir -p $out/bin
    ln -s /init $out/bin/wslpath
  '';

  # Opens files, directories and addresses with the programs of Windows.
  open = pkgs.writeShellScriptBin "codchi-open" ''
    set -euo pipefail
    if [ $# -ne 1 ]; then echo "usage: codchi-open FILE-OR-URL" >&2; exit 2; fi
    target=$1
    windows=/mnt/c/Windows
    case $target in
      file://*) target=''${target#file://}; printf -v target '%b' "''${target//%/\\x}" ;;
    esac
    if [ -e "$target" ]; then
      # Explorer answers 1 when it has opened something.
      "$windows/explorer.exe" "$(${wslpath}/bin/wslpath -w "$target")" || true
    else
      cd "$windows"
      exec "$windows/System32/rundll32.exe" url.dll,FileProtocolHandler "$target"
    fi
  '';
  entry = pkgs.writeTextDir "share/applications/codchi-open.desktop" ''
    [Desktop Entry]
    Type=Application
    Name=Open in Windows
    Exec=${open}/bin/codchi-open %u
    NoDisplay=true
    MimeType=x-scheme-handler/http;x-scheme-handler/https;x-scheme-handler/mailto;inode/directory;text/html;
  '';

  # Microsoft's and NVIDIA's libraries for the paravirtual graphics card, where the programs of NixOS look for drivers.
  libraries = pkgs.runCommand "wsl-graphics" { } ''
    mkdir -p $out/lib $out/bin
    for name in libcuda.so libcuda.so.1 libcuda.so.1.1 libd3d12.so libd3d12core.so libdxcore.so libnvcuvid.so libnvcuvid.so.1 \
                libnvidia-encode.so libnvidia-encode.so.1 libnvidia-ml.so.1 libnvidia-opticalflow.so libnvidia-opticalflow.so.1 \
                libnvoptix.so.1 libnvwgf2umx.so; do
      ln -s "/usr/lib/wsl/lib/$name" "$out/lib/$name"
    done
    ln -s /usr/lib/wsl/lib/nvidia-smi $out/bin/nvidia-smi
  '';
  graphics = set: if options.hardware ? graphics then { hardware.graphics = set; } else { hardware.opengl = set; };
in
{
  config = lib.mkIf (cfg.driver.name == "wsl") (lib.mkMerge [
    {
      # WSL reads it before the store is mounted, so it is a file and not a link.
      environment.etc."wsl.conf" = {
        mode = "0644";
        text = lib.generators.toINI { } {
          automount = {
            enabled = true;
            mountFsTab = false;
            options = "metadata,uid=1000,gid=100";
            root = "/mnt/";
          };
          boot.systemd = true;
          interop = {
            enabled = true;
            # Programs of Windows are called by their path; its search path slows every shell down.
            appendWindowsPath = false;
          };
          network = {
            generateHosts = true;
            generateResolvConf = true;
          };
          user.default = cfg.user;
        };
      };

      # Addresses, names and the clock of Windows.
      networking.useDHCP = false;
      networking.dhcpcd.enable = false;
      networking.useHostResolvConf = false;
      networking.resolvconf.enable = false;
      services.resolved.enable = mkDefault false;
      environment.etc.hosts.enable = false;
      # The clock of the virtual machine stands still while Windows sleeps.
      services.timesyncd.enable = mkDefault true;
      systemd.services.systemd-timesyncd.unitConfig.ConditionVirtualization = "";

      # Programs of Windows stay runnable when systemd-binfmt starts over.
      boot.binfmt.registrations.WSLInterop = {
        magicOrExtension = "MZ";
        fixBinary = true;
        wrapInterpreterInShell = false;
        interpreter = "/init";
        preserveArgvZero = true;
      };
      environment.systemPackages = [ wslpath open entry ];
      environment.sessionVariables.BROWSER = mkDefault "${open}/bin/codchi-open";
      xdg.mime.defaultApplications = lib.genAttrs [ "x-scheme-handler/http" "x-scheme-handler/https" "x-scheme-handler/mailto" "inode/directory" ] (_: mkDefault "codchi-open.desktop");

      # WSLg's sockets where programs expect them; the variables come with the host's delivery.
      systemd.tmpfiles.settings."50-codchi-wslg"."/tmp/.X11-unix"."L+".argument = "/mnt/wslg/.X11-unix";
      systemd.user.tmpfiles.rules = [
        "L %t/wayland-0 - - - - /mnt/wslg/runtime-dir/wayland-0"
        "L %t/wayland-0.lock - - - - /mnt/wslg/runtime-dir/wayland-0.lock"
      ];
    }
    (lib.mkIf cfg.docker.enableNvidia {
      hardware.nvidia.package = mkDefault libraries;
      hardware.nvidia-container-toolkit = lib.filterAttrs (name: _: options.hardware.nvidia-container-toolkit ? ${name}) {
        discovery-mode = "wsl";
        # NVIDIA's programs come with the libraries in this mode; mounting both fails.
        mount-nvidia-executables = false;
        # The default leaves out a hook without which the libraries are not found.
        disable-hooks = [ ];
      };
    })
    (lib.mkIf cfg.gpu.enable (lib.mkMerge [
      (graphics { extraPackages = [ libraries ]; })
      {
        environment.systemPackages = [ libraries ];
        # For programs that were not made for NixOS.
        environment.sessionVariables.LD_LIBRARY_PATH = [ "/usr/lib/wsl/lib" ];
      }
    ]))
  ]);
}
