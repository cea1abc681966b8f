# -DCAROUSEL_SANITIZE=address,undefined or thread builds everything with those checks, each finding fatal.

set(CAROUSEL_SANITIZE "" CACHE STRING "sanitizers to build with, separated by commas")
if(CAROUSEL_SANITIZE)
  add_compile_options(-fsanitize=${CAROUSEL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${CAROUSEL_SANITIZE})
endif()
