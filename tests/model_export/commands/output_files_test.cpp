#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <filesystem>
#include <set>
#include <sstream>

#include "base/output_file.h"
#include "model_export/command_fixture.h"

namespace vitrine::commands {
namespace {

namespace fs = std::filesystem;

/// A log, a trained bundle, and everything that tests look for in one folder.
struct Shop {
  Folder folder;
  std::string log = folder.write("log.csv", small_csv());
  std::string items = folder.write("items.csv", "item_id,price\na,1\nb,2\nz,3\n");
  std::string bundle = folder / "shop.vitrine";

  Shop() {
    const Ran ran = vitrine(train(bundle));
    INFO(ran.err);
    REQUIRE(ran.code == 0);
  }
  [[nodiscard]] std::vector<std::string> train(const std::string& out) const {
    return {"train", "--events", log, "--no-tune", "--threads", "1", "--out", out};
  }
  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder / "")) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }
};

std::vector<std::string> with(std::vector<std::string> arguments,
                              const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

TEST_CASE("no command writes in the place of a file that it reads") {
  const Shop shop;
  const Folder& folder = shop.folder;
  const std::string config = folder.write("config.json", "{}");
  const std::string plan = folder.write("events.csv", "{}");  // where simulate would write
  const std::string key = folder / "key.pem";
  REQUIRE(vitrine({"keygen", "--out", key}).code == 0);
  fs::create_symlink("log.csv", folder / "link.csv");
  fs::create_hard_link(shop.log, folder / "hard.csv");
  const std::string dotted = folder / "./log.csv";
  const std::string around =
      folder / ("../" + fs::path(folder / "").parent_path().filename().string() + "/log.csv");
  const std::string manifest = folder / "manifest.json";
  fs::copy_file(key, manifest);

  const auto evaluate = [&](const std::string& report) {
    return std::vector<std::string>{"evaluate", "--bundle", shop.bundle, "--events",
                                    shop.log,   "--report", report};
  };
  std::vector<std::vector<std::string>> commands;
  for (const std::string& out :
       {shop.log, dotted, around, folder / "link.csv", folder / "hard.csv"}) {
    commands.push_back(shop.train(out));
    commands.push_back(with(shop.train(folder / "new.vitrine"), {"--report", out}));
    commands.push_back(evaluate(out));
    commands.push_back({"backtest", "--events", shop.log, "--report", out});
    commands.push_back(
        {"experiment", "analyze", "--events", shop.log, "--config", config, "--report", out});
    commands.push_back({"overlay", "--base", shop.bundle, "--items", shop.items, "--events",
                        shop.log, "--out", out});
  }
  commands.push_back(with(shop.train(shop.items), {"--items", shop.items}));
  commands.push_back(with(shop.train(config), {"--config", config}));
  commands.push_back(
      with(shop.train(folder / "new.vitrine"), {"--report", folder / "new.vitrine"}));
  commands.push_back(
      with(shop.train(folder / "new.vitrine"), {"--report", folder / "new.vitrine.item-knn"}));
  commands.push_back(
      with(shop.train(folder / "new.vitrine"), {"--report", folder / "./new.vitrine.tuning"}));
  commands.push_back(evaluate(shop.bundle));
  commands.push_back(evaluate(shop.bundle + ".item-knn"));
  commands.push_back(evaluate(shop.bundle + ".tuning"));
  for (const std::string& out : {shop.bundle, shop.items, shop.bundle + ".item-knn"}) {
    commands.push_back({"overlay", "--base", shop.bundle, "--items", shop.items, "--out", out});
  }
  commands.push_back({"simulate", "--out", folder / "", "--experiments", plan});
  commands.push_back({"manifest", "--bundle", shop.bundle, "--shop", "https://shop.example",
                      "--key", manifest, "--out", folder / ""});

  const std::set<std::string> before = shop.names();
  const std::string log = bytes_of(shop.log);
  const std::string good = bytes_of(shop.bundle);
  for (const std::vector<std::string>& command : commands) {
    const Ran ran = vitrine(command);
    INFO(fmt::format("{}: {}", fmt::join(command, " "), ran.err));
    CHECK(ran.code == 2);
    CHECK(ran.says("Name another file"));
  }
  // The files that train writes beside a bundle may not be its inputs either.
  for (const char* beside : {"x.vitrine.item-knn", "x.vitrine.tuning"}) {
    const std::string input = folder.write(beside, small_csv());
    const Ran ran = vitrine({"train", "--events", input, "--out", folder / "x.vitrine"});
    INFO(ran.err);
    CHECK(ran.code == 2);
    fs::remove(input);
  }
  CHECK(shop.names() == before);
  CHECK((bytes_of(shop.log) == log));
  CHECK((bytes_of(shop.bundle) == good));
}

TEST_CASE("an output that is no regular file is refused, and stays what it is") {
  const Shop shop;
  const Folder& folder = shop.folder;
  const std::string pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string listener = folder / "socket";
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, listener.c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  ::close(descriptor);
  fs::create_symlink("/dev/null", folder / "to-device");
  fs::create_symlink("round-b", folder / "round-a");
  fs::create_symlink("round-a", folder / "round-b");
  fs::create_directory(folder / "sub");
  const std::set<std::string> before = shop.names();
  for (const auto& [out, code] : {std::pair(pipe, 2),
                                  {listener, 2},
                                  {std::string("/dev/null"), 2},
                                  {folder / "to-device", 2},
                                  {folder / "round-a", 5},
                                  {folder / "sub", 5}}) {
    for (const std::vector<std::string>& command :
         {shop.train(out), with(shop.train(folder / "new.vitrine"), {"--report", out}),
          std::vector<std::string>{"overlay", "--base", shop.bundle, "--items", shop.items, "--out",
                                   out}}) {
      const Ran ran = vitrine(command);
      INFO(fmt::format("{}: {}", fmt::join(command, " "), ran.err));
      CHECK(ran.code == code);
      CHECK(ran.says(out));
    }
  }
  fs::create_symlink("/dev/null", folder / "sub/events.csv");
  CHECK(vitrine({"simulate", "--out", folder / "sub", "--shoppers", "2", "--days", "1"}).code == 2);
  CHECK(shop.names() == before);
  CHECK(fs::is_fifo(pipe));
  CHECK(fs::is_socket(listener));
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_FALSE(fs::exists("/dev/null.item-knn"));
}

TEST_CASE("a link is followed: its target is replaced, and the link stays") {
  const Shop shop;
  const Folder& folder = shop.folder;
  fs::create_directory(folder / "releases");
  fs::create_symlink("releases/1.vitrine", folder / "current");
  fs::create_symlink("current", folder / "latest");
  REQUIRE(vitrine(shop.train(folder / "latest")).code == 0);
  CHECK(fs::is_symlink(folder / "latest"));
  CHECK(fs::is_symlink(folder / "current"));
  CHECK((bytes_of(folder / "releases/1.vitrine") == bytes_of(shop.bundle)));
  // Again, where the target exists; who may read it stays.
  fs::permissions(folder / "releases/1.vitrine", fs::perms::owner_read | fs::perms::owner_write);
  REQUIRE(vitrine(shop.train(folder / "latest")).code == 0);
  CHECK(fs::status(folder / "releases/1.vitrine").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a file whose name is as long as names can be is written") {
  const Folder folder;
  const std::string path = folder / std::string(255, 'x');
  base::write_file(path, {});
  CHECK(fs::is_regular_file(path));
}

TEST_CASE("what is written is forced to the disk: the file, its name, then its folder") {
  if (std::system("strace -V > /dev/null 2>&1") != 0) SKIP("strace is not installed");
  const Shop shop;
  const Folder& folder = shop.folder;
  const std::string trace = folder / "trace";
  const std::string config = folder.write("config.json", "{}");
  REQUIRE(vitrine({"keygen", "--out", folder / "key.pem"}).code == 0);
  const std::string overlay = folder / "shop.overlay";
  fs::create_directory(folder / "cdn");
  const auto traced = [&](const std::string& command) {
    const std::string line =
        "strace -f -y -e trace=fsync,fdatasync,rename,renameat,renameat2 -o '" + trace + "' '" +
        VITRINE_COMMAND + "' " + command + " > /dev/null 2>&1";
    REQUIRE(std::system(line.c_str()) == 0);
    return bytes_of(trace);
  };
  // Counts how often a new file was forced, renamed to a name that ends in `name`, and its folder
  // forced.
  const auto forced = [](const std::string& calls, const std::string& name) {
    int count = 0;
    std::istringstream lines(calls);
    std::set<std::string> files;
    std::string renamed_in;  // the folder in which the name was given last
    for (std::string line; std::getline(lines, line);) {
      const std::size_t open = line.find('<');
      if (line.find("fsync(") != std::string::npos && open != std::string::npos) {
        const std::string file = line.substr(open + 1, line.find('>') - open - 1);
        count += file == renamed_in ? 1 : 0;
        renamed_in.clear();
        files.insert(file);
      } else if (line.find("rename") != std::string::npos) {
        std::vector<std::string> names;
        for (std::size_t at = line.find('"'); at != std::string::npos;
             at = line.find('"', at + 1)) {
          const std::size_t end = line.find('"', at + 1);
          names.push_back(line.substr(at + 1, end - at - 1));
          at = end;
        }
        if (names.size() == 2 && names[1].ends_with(name) && files.contains(names[0])) {
          renamed_in = fs::path(names[1]).parent_path().string();
        }
      }
    }
    return count;
  };
  const std::string trained =
      traced("train --events '" + folder.write("long.csv", small_csv(2500)) +
             "' --threads 1 --tune 0.001 --out '" + (folder / "b.vitrine") + "' --report '" +
             (folder / "b.html") + "'");
  CHECK(forced(trained, "/b.vitrine") == 1);
  CHECK(forced(trained, "/b.vitrine.item-knn") == 1);
  CHECK(forced(trained, "/b.html") == 1);
  CHECK(forced(trained, "/b.vitrine.tuning") == 1);
  const std::string over = traced("overlay --base '" + shop.bundle + "' --items '" + shop.items +
                                  "' --out '" + overlay + "'");
  CHECK(forced(over, "/shop.overlay") == 1);
  const std::string published =
      traced("manifest --bundle '" + shop.bundle + "' --out '" + (folder / "cdn") + "'");
  CHECK(forced(published, "/manifest.json") == 1);
  CHECK(forced(published, ".vitrine") == 1);
  const std::string simulated =
      traced("simulate --shoppers 5 --days 1 --out '" + (folder / "sim") + "'");
  for (const char* name : {"/items.csv", "/events.csv", "/simulation.json"}) {
    CHECK(forced(simulated, name) == 1);
  }
}

}  // namespace vitrine::commands
