#include "RegistryData.h"
const uint32_t registryVendorPrefixes[1], registryVendorNames[1]; const int32_t registryVendorPrefixesCount=0;
const uint64_t registryRangeBases[1]; const uint32_t registryRangeNames[1]; const int32_t registryRangeBasesCount=0;
const uint64_t registryKnownAddresses[1]; const uint32_t registryKnownAddressNames[1]; const int32_t registryKnownAddressesCount=0;
const uint16_t registryPorts[1]; const uint32_t registryTCPNames[1], registryUDPNames[1]; const int32_t registryPortsCount=0; const unsigned char registryNames[1];
