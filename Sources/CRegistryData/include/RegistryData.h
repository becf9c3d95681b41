// The registries' tables: constant arrays in C, which compiles large ones fast. Scripts/make-registries
// makes RegistryData.c. Keys ascend; the names array beside one holds an offset in registryNames for each key.
#pragma once

#include <stdint.h>

// The 24-bit prefixes (IEEE MA-L), with a short and a long name.
extern const uint32_t registryVendorPrefixes[], registryVendorNames[];
extern const int32_t registryVendorPrefixesCount;

// The bases of ranges, the bits outside the prefix zero: IEEE's blocks of 28 bits (MA-M) and 36 bits
// (MA-S, IAB), and ranges of group and virtual addresses.
extern const uint64_t registryRangeBases[];
extern const uint32_t registryRangeNames[];
extern const int32_t registryRangeBasesCount;

// Single well-known addresses.
extern const uint64_t registryKnownAddresses[];
extern const uint32_t registryKnownAddressNames[];
extern const int32_t registryKnownAddressesCount;

// Ports with a service name over TCP, UDP or both.
extern const uint16_t registryPorts[];
extern const uint32_t registryTCPNames[], registryUDPNames[];
extern const int32_t registryPortsCount;

// An entry is a short and a long name, each a byte of length and its bytes (UTF-8), unterminated.
// The entry at offset 0 has two empty names: no name.
extern const unsigned char registryNames[];

// Swift imports no array of unstated size: these hand it the first elements.
static inline const uint32_t *registryVendorPrefixesStart(void) { return registryVendorPrefixes; }
static inline const uint32_t *registryVendorNamesStart(void) { return registryVendorNames; }
static inline const uint64_t *registryRangeBasesStart(void) { return registryRangeBases; }
static inline const uint32_t *registryRangeNamesStart(void) { return registryRangeNames; }
static inline const uint64_t *registryKnownAddressesStart(void) { return registryKnownAddresses; }
static inline const uint32_t *registryKnownAddressNamesStart(void) { return registryKnownAddressNames; }
static inline const uint16_t *registryPortsStart(void) { return registryPorts; }
static inline const uint32_t *registryTCPNamesStart(void) { return registryTCPNames; }
static inline const uint32_t *registryUDPNamesStart(void) { return registryUDPNames; }
static inline const unsigned char *registryNamesStart(void) { return registryNames; }
