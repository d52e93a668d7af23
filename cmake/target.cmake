# What every target of ours has in common. Third-party targets are left alone.

add_library(vitrine_warnings INTERFACE)
target_compile_options(
  vitrine_warnings
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            # Option structs are filled by designated initializers; the rest keeps its defaults.
            -Wno-missing-field-initializers)

# vitrine_configure(TARGET): our warnings, our floating point, the sanitizers asked for.
function(vitrine_configure target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:vitrine_warnings>)
  # A fused multiply-add rounds once where two operations round twice: the same bundle would rank differently on
  # machines that have one. Same answers everywhere; so no -ffast-math and no -march=native either.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  if(VITRINE_SANITIZE)
    # The check of virtual calls asks for run-time types, which the core does without.
    target_compile_options(${target} PRIVATE -fsanitize=${VITRINE_SANITIZE} -fno-sanitize=vptr
                                             -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${VITRINE_SANITIZE})
  endif()
endfunction()
