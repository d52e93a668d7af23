# vitrine_embed_sql(TARGET FILES...): a generated header "vitrine_sql.h" in which every file is a constant of
# vitrine::statistics::sql named as the file is. Run as a script (cmake -P) it writes that header.
set(embed_sql_script ${CMAKE_CURRENT_LIST_FILE})

function(vitrine_embed_sql target)
  set(header ${CMAKE_CURRENT_BINARY_DIR}/generated/vitrine_sql.h)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
  list(JOIN files "|" joined)
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -D "files=${joined}" -D header=${header} -P ${embed_sql_script}
    DEPENDS ${files} ${embed_sql_script}
    COMMENT "Embedding SQL"
    VERBATIM)
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/generated)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  set(text "#pragma once\n\n#include <string_view>\n\nnamespace vitrine::statistics::sql {\n")
  string(REPLACE "|" ";" files "${files}")
  foreach(file IN LISTS files)
    cmake_path(GET file STEM name)
    file(READ ${file} sql)
    string(APPEND text "\ninline constexpr std::string_view ${name} = R\"sql(${sql})sql\";\n")
  endforeach()
  string(APPEND text "\n}  // namespace vitrine::statistics::sql\n")
  file(WRITE ${header} "${text}")
endif()
