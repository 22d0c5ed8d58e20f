# The three shapes of target this project has.

# hada_library(name DIR folder [AND folders...] [LINK libs...]): all *.cc directly in `folder` (and those) but main.cc.
# A folder that holds only headers yet becomes an interface library, so that its place in the link graph is fixed.
function(hada_library name)
  cmake_parse_arguments(ARG "" "DIR" "AND;LINK" ${ARGN})
  set(sources)
  foreach(dir "${ARG_DIR}" ${ARG_AND})
    file(GLOB found CONFIGURE_DEPENDS "${dir}/*.cc")
    list(APPEND sources ${found})
  endforeach()
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC ${ARG_LINK})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${ARG_LINK})
  endif()
endfunction()

# hada_program(name SOURCE main.cc [LINK libs...]): lands in build/bin.
function(hada_program name)
  cmake_parse_arguments(ARG "" "SOURCE" "LINK" ${ARGN})
  if(NOT EXISTS "${ARG_SOURCE}")
    return()
  endif()
  add_executable(${name} "${ARG_SOURCE}")
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endfunction()

# hada_embed(target namespace file...): embeds files as string_views.
# The header is "embedded/<target>.h"; file terms.tsv becomes `<namespace>::terms_tsv()`.
function(hada_embed target namespace)
  set(out_dir "${CMAKE_BINARY_DIR}/gen/embedded")
  set(header "${out_dir}/${target}.h")
  set(source "${out_dir}/${target}.cc")
  add_custom_command(
    OUTPUT "${header}" "${source}"
    COMMAND ${CMAKE_COMMAND} -DOUT_H=${header} -DOUT_CC=${source} -DNS=${namespace} "-DFILES=${ARGN}"
            -P "${CMAKE_SOURCE_DIR}/third_party/Embed.cmake"
    DEPENDS ${ARGN} "${CMAKE_SOURCE_DIR}/third_party/Embed.cmake"
    VERBATIM)
  add_library(${target} STATIC "${source}" "${header}")
  target_include_directories(${target} PUBLIC "${CMAKE_BINARY_DIR}/gen")
endfunction()
