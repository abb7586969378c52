package dev.codchi.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An archive in the Open Virtualization Format 2 (DSP0243): a description of the virtual machine,
 * the sums of its files, and its disk.
 */
final class Ova {
  private Ova() {}

  /**
   * Writes the archive with its end.
   *
   * @param disk a stream-optimized VMDK
   * @param capacity how large the disk is for the machine, in bytes
   */
  @SuppressWarnings("resource") // the output is not ours to close
  static void write(Path disk, long capacity, String machine, BlockOutput output)
      throws IOException {
    String diskName = machine + "-disk1.vmdk";
    byte[] description =
        description(machine, diskName, Files.size(disk), capacity).getBytes(StandardCharsets.UTF_8);
    String sums =
        "SHA256(%s.ovf)= %s\nSHA256(%s)= %s\n"
            .formatted(
                machine,
                HexFormat.of().formatHex(Measured.sha256().digest(description)),
                diskName,
                sum(disk));
    TarArchiveOutputStream tar = new TarArchiveOutputStream(output, "UTF-8");
    PackedFile.put(tar, machine + ".ovf", description);
    PackedFile.put(tar, machine + ".mf", sums.getBytes(StandardCharsets.UTF_8));
    tar.putArchiveEntry(PackedFile.entry(diskName, Files.size(disk)));
    try (InputStream in = Files.newInputStream(disk)) {
      in.transferTo(tar);
    }
    tar.closeArchiveEntry();
    tar.finish();
  }

  private static String sum(Path file) throws IOException {
    MessageDigest digest = Measured.sha256();
    byte[] buffer = new byte[256 * 1024];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Resource types of CIM_ResourceAllocationSettingData: 3 CPU, 4 memory, 10 network, 17 disk, 20
   * SATA.
   */
  private static String description(String machine, String diskName, long size, long capacity) {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1"
        xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
        xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
        xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData">
      <References>
        <File ovf:id="file1" ovf:href="%2$s" ovf:size="%3$d"/>
      </References>
      <DiskSection>
        <Info>The disk</Info>
        <Disk ovf:diskId="disk1" ovf:fileRef="file1" ovf:capacity="%4$d"
            ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
      </DiskSection>
      <NetworkSection>
        <Info>The network</Info>
        <Network ovf:name="NAT"/>
      </NetworkSection>
      <VirtualSystem ovf:id="%1$s">
        <Info>The code machine %1$s</Info>
        <OperatingSystemSection ovf:id="101">
          <Info>Linux, 64 bit</Info>
        </OperatingSystemSection>
        <VirtualHardwareSection>
          <Info>What it needs</Info>
          <System>
            <vssd:ElementName>Virtual Hardware Family</vssd:ElementName>
            <vssd:InstanceID>0</vssd:InstanceID>
            <vssd:VirtualSystemIdentifier>%1$s</vssd:VirtualSystemIdentifier>
            <vssd:VirtualSystemType>vmx-10 virtualbox-2.2</vssd:VirtualSystemType>
          </System>
          <Item>
            <rasd:ElementName>2 processors</rasd:ElementName>
            <rasd:InstanceID>1</rasd:InstanceID>
            <rasd:ResourceType>3</rasd:ResourceType>
            <rasd:VirtualQuantity>2</rasd:VirtualQuantity>
          </Item>
          <Item>
            <rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits>
            <rasd:ElementName>4096 MiB of memory</rasd:ElementName>
            <rasd:InstanceID>2</rasd:InstanceID>
            <rasd:ResourceType>4</rasd:ResourceType>
            <rasd:VirtualQuantity>4096</rasd:VirtualQuantity>
          </Item>
          <Item>
            <rasd:ElementName>SATA</rasd:ElementName>
            <rasd:InstanceID>3</rasd:InstanceID>
            <rasd:ResourceSubType>AHCI</rasd:ResourceSubType>
            <rasd:ResourceType>20</rasd:ResourceType>
          </Item>
          <Item>
            <rasd:AddressOnParent>0</rasd:AddressOnParent>
            <rasd:ElementName>disk1</rasd:ElementName>
            <rasd:HostResource>ovf:/disk/disk1</rasd:HostResource>
            <rasd:InstanceID>4</rasd:InstanceID>
            <rasd:Parent>3</rasd:Parent>
            <rasd:ResourceType>17</rasd:ResourceType>
          </Item>
          <Item>
            <rasd:AutomaticAllocation>true</rasd:AutomaticAllocation>
            <rasd:Connection>NAT</rasd:Connection>
            <rasd:ElementName>network</rasd:ElementName>
            <rasd:InstanceID>5</rasd:InstanceID>
            <rasd:ResourceSubType>E1000</rasd:ResourceSubType>
            <rasd:ResourceType>10</rasd:ResourceType>
          </Item>
        </VirtualHardwareSection>
      </VirtualSystem>
    </Envelope>
    """
        .formatted(machine, diskName, size, capacity);
  }
}
