# The instructions of a tier go by the suffix of a source: name__avx2.c is compiled for AVX2 and nothing else is.

set(CAROUSEL_FLAGS_sse2 -msse2)
set(CAROUSEL_FLAGS_avx2 -mavx2 -mfma)
set(CAROUSEL_FLAGS_avx512 -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mfma)
set(CAROUSEL_FLAGS_neon)

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
  set(CAROUSEL_ARCH x86_64)
  set(CAROUSEL_TIERS sse2 avx2 avx512)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
  set(CAROUSEL_ARCH aarch64)
  set(CAROUSEL_TIERS neon)
else()
  message(FATAL_ERROR "There are no kernels for ${CMAKE_SYSTEM_PROCESSOR}; they exist for x86_64 and aarch64.")
endif()

# GCC tells how vectors wider than a register are passed to functions; all of ours are inlined.
if(CMAKE_C_COMPILER_ID STREQUAL GNU)
  set(CAROUSEL_FLAGS -Wno-psabi)
endif()

# Adds the sources in a folder that belong to a tier of this architecture.
function(carousel_add_tiers target folder)
  foreach(tier IN LISTS CAROUSEL_TIERS)
    file(GLOB sources CONFIGURE_DEPENDS "${folder}/*__${tier}.c")
    target_sources(${target} PRIVATE ${sources})
    set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS "${CAROUSEL_FLAGS};${CAROUSEL_FLAGS_${tier}}")
  endforeach()
endfunction()
