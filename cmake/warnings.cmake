# Warnings are errors. Products and sums are contracted only where the source says so: bits matter.

add_library(carousel_options INTERFACE)
target_compile_features(carousel_options INTERFACE c_std_11)
target_compile_options(carousel_options INTERFACE -Wall -Wextra -Wconversion -Werror -ffp-contract=off)
