#include "simulate/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/output_file.h"
#include "simulate/shop.h"
#include "simulate/shoppers.h"
#include "simulate/trial.h"

namespace vitrine::simulate {

namespace {

namespace fs = std::filesystem;

enum Stream : std::uint64_t { kVisitStream = 21, kSessionStream = 22, kBotStream = 23 };

constexpr double kBotShare = 0.004;
// The number of visits by day of the week, from Sunday; the mean is 1.
constexpr std::array<double, 7> kWeekdays = {1.28, 0.98, 0.92, 0.90, 0.92, 0.90, 1.10};

/// A file that is written piece by piece and gets its name only when commit() is called.
class FileAside {
 public:
  explicit FileAside(const fs::path& path) : file_(path.string()) {
    buffer_.reserve(kBufferBytes + 4096);
  }

  [[nodiscard]] fmt::memory_buffer& buffer() { return buffer_; }

  void flush_if_full() {
    if (buffer_.size() >= kBufferBytes) flush();
  }
  void finish() {
    flush();
    file_.finish();
  }
  void commit() { file_.commit(); }

 private:
  static constexpr std::size_t kBufferBytes = 1 << 20;

  void flush() {
    file_.write({buffer_.data(), buffer_.size()});
    buffer_.clear();
  }

  base::OutputFile file_;
  fmt::memory_buffer buffer_;
};

std::chrono::sys_days parse_date(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  char rest = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (read != 3 || !date.ok() || year < 1971 || year > 2099) {
    throw base::Error(
        base::ExitCode::kUsage,
        fmt::format("--start {}: write a date as YYYY-MM-DD, for example 2026-03-01", text));
  }
  return date;
}

void check_options(const SimulationOptions& options) {
  const auto check = [](bool good, std::string_view message) {
    if (!good) throw base::Error(base::ExitCode::kUsage, std::string(message));
  };
  check(options.shoppers >= 1 && options.shoppers <= 100'000'000,
        "--shoppers: give a number from 1 to 100,000,000");
  check(options.products >= 1 && options.products <= 10'000'000,
        "--products: give a number from 1 to 10,000,000");
  check(options.days >= 1 && options.days <= 3650, "--days: give a number from 1 to 3,650");
  check(options.sessions_per_shopper > 0.0 && options.sessions_per_shopper <= 10000.0,
        "--sessions-per-shopper: give a number above 0, at most 10,000");
  check(!options.out.empty(), "--out: name the folder to write to");
}

void write_items(const Shop& shop, FileAside& file) {
  const auto out = [&] { return std::back_inserter(file.buffer()); };
  fmt::format_to(out(),
                 "id,title,category,brand,price,available,color,color_hex,material,description\n");
  for (const Product& product : shop.products()) {
    const ProductType& type = product_types()[product.type];
    const Color& color = colors()[product.color];
    fmt::format_to(out(), "{},\"{}\",{}/{},{},{}.{:02},{},{},{},{},\"{}\"\n", product.id,
                   product.title, type.department, type.name, brands()[product.brand].name,
                   product.price_cents / 100, product.price_cents % 100, product.available,
                   color.name, color.hex, type.materials[product.material], product.description);
    file.flush_if_full();
  }
}

/// A visit of one day. The events of all visits are sorted by time later.
struct Visit {
  std::uint64_t shopper = 0;
  bool anonymous = false;
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct DayEvents {
  std::vector<SimulatedEvent> events;
  std::vector<Visit> visits;
  std::vector<ExposureRow> exposures;
};

void simulate_day(const Shop& shop, const SimulationOptions& options, const Day& day, double visits,
                  std::vector<bool>& seen, Trial* trial, DayEvents& out) {
  out.events.clear();
  out.visits.clear();
  out.exposures.clear();
  std::vector<SimulatedEvent> session;
  const auto keep = [&](std::uint64_t shopper, bool anonymous) {
    const std::size_t begin = out.events.size();
    out.events.insert(out.events.end(), session.begin(), session.end());
    out.visits.push_back({shopper, anonymous, begin, out.events.size()});
    session.clear();
  };
  base::Random coming(options.seed, kVisitStream, static_cast<std::uint64_t>(day.number));
  for (std::uint64_t number = 0; number < options.shoppers; ++number) {
    const unsigned count = coming.poisson(visits * shopper_activity(options.seed, number));
    if (count == 0) continue;
    seen[number] = true;
    const Shopper shopper = make_shopper(options.seed, number);
    if (trial != nullptr) {
      for (auto& events : trial->visit(number, shopper, day, count, out.exposures)) {
        session = std::move(events);
        keep(number, shopper.anonymous);
      }
      continue;
    }
    base::Random random(options.seed, kSessionStream,
                        number * 4096 + static_cast<std::uint64_t>(day.number));
    for (unsigned i = 0; i < count; ++i) {
      simulate_session(shop, shopper, day, random, session);
      keep(number, shopper.anonymous);
    }
  }
  base::Random bots(options.seed, kBotStream, static_cast<std::uint64_t>(day.number));
  const unsigned bot_count =
      bots.poisson(std::min(50.0, kBotShare * static_cast<double>(out.visits.size())));
  for (unsigned i = 0; i < bot_count; ++i) {
    simulate_bot(shop, day, bots, session);
    keep(options.shoppers, true);
  }
}

/// Writes the events of a day in the order of time. Events of the same time keep their order within
/// a visit.
void write_day(const Shop& shop, const SimulationOptions& options, DayEvents& day,
               SimulationCounts& counts, FileAside& file) {
  std::vector<std::size_t> order(day.visits.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto start = [&](std::size_t visit) { return day.events[day.visits[visit].begin].time; };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(start(a), a) < std::pair(start(b), b);
  });
  struct Line {
    std::int64_t time;
    std::uint64_t session;
    std::size_t event;
    std::size_t visit;
  };
  std::vector<Line> lines;
  lines.reserve(day.events.size());
  for (const std::size_t visit : order) {
    ++counts.sessions;
    for (std::size_t event = day.visits[visit].begin; event < day.visits[visit].end; ++event) {
      lines.push_back({day.events[event].time, counts.sessions, event, visit});
    }
  }
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return std::tie(a.time, a.session, a.event) < std::tie(b.time, b.session, b.event);
  });
  for (const Line& line : lines) {
    const SimulatedEvent& event = day.events[line.event];
    const Visit& visit = day.visits[line.visit];
    const Product& product = shop.products()[event.product];
    auto out = std::back_inserter(file.buffer());
    fmt::format_to(out, "s{:08},", line.session);
    if (!visit.anonymous) fmt::format_to(out, "u{:06}", visit.shopper);
    fmt::format_to(out, ",{},{},{},{}.{:02},", product.id, word_of(event.kind), line.time,
                   product.price_cents / 100, product.price_cents % 100);
    if (event.quantity != 0) fmt::format_to(out, "{}", event.quantity);
    if (options.trial != nullptr) {
      const bool is_bot = visit.shopper == options.shoppers;
      fmt::format_to(out, ",{}{:06}", is_bot ? 'b' : 'v', is_bot ? line.session : visit.shopper);
    }
    file.buffer().push_back('\n');
    ++counts.kinds[static_cast<std::size_t>(event.kind)];
    file.flush_if_full();
  }
  counts.events += lines.size();
}

void write_exposures(std::vector<ExposureRow>& rows, FileAside& file) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const ExposureRow& a, const ExposureRow& b) { return a.time < b.time; });
  for (const ExposureRow& row : rows) {
    file.buffer().append(row.text);
    file.buffer().push_back('\n');
    file.flush_if_full();
  }
}

void write_settings(const SimulationOptions& options, const SimulationCounts& counts,
                    FileAside& file) {
  nlohmann::ordered_json kinds;
  for (std::size_t i = 0; i < kEventKinds; ++i) {
    if (counts.kinds[i] != 0) kinds[std::string(data::kEventKindNames[i])] = counts.kinds[i];
  }
  nlohmann::ordered_json settings = {
      {"shoppers", options.shoppers},
      {"products", options.products},
      {"days", options.days},
      {"seed", options.seed},
      {"sessions_per_shopper", options.sessions_per_shopper},
      {"start", options.start},
      {"sessions", counts.sessions},
      {"events", counts.events},
      {"shoppers_seen", counts.shoppers_seen},
      {"kinds", kinds},
  };
  if (counts.trial) {
    settings.push_back({"exposures", counts.exposures});
    settings.push_back({"experiments", counts.trial->experiments});
    if (counts.trial->lists) settings.push_back({"lists", *counts.trial->lists});
  }
  const std::string text = settings.dump(2) + "\n";
  file.buffer().append(text);
}

}  // namespace

SimulationCounts simulate(const SimulationOptions& options) {
  check_options(options);
  const std::chrono::sys_days start = parse_date(options.start);
  std::error_code error;
  const fs::path folder = options.out;
  fs::create_directories(folder, error);
  if (error) {
    throw base::Error(base::ExitCode::kIo,
                      fmt::format("cannot create {}: {}; choose another --out folder", options.out,
                                  error.message()));
  }
  FileAside items(folder / "items.csv");
  FileAside events(folder / "events.csv");
  FileAside settings(folder / "simulation.json");
  std::optional<FileAside> exposures;

  const Shop shop(options.seed, options.products, options.days);
  write_items(shop, items);
  fmt::format_to(std::back_inserter(events.buffer()),
                 "session_id,user_id,item_id,event,timestamp,price,quantity{}\n",
                 options.trial != nullptr ? ",unit" : "");
  std::optional<Trial> trial;
  if (options.trial != nullptr) {
    exposures.emplace(folder / "exposures.jsonl");
    trial.emplace(*options.trial, shop, options.seed, options.shoppers, options.judged,
                  options.judged_list);
  }
  SimulationCounts counts;
  std::vector<bool> seen(options.shoppers);
  DayEvents day_events;
  const double visits_a_day = options.sessions_per_shopper / static_cast<double>(options.days);
  for (int number = 0; number < options.days; ++number) {
    const std::chrono::sys_days date = start + std::chrono::days(number);
    const std::chrono::year_month_day calendar{date};
    const auto new_year = std::chrono::sys_days{calendar.year() / 1 / 1};
    const std::size_t weekday = std::chrono::weekday{date}.c_encoding();
    const Day day{number, std::min(364, static_cast<int>((date - new_year).count())),
                  std::chrono::sys_seconds{date}.time_since_epoch().count()};
    simulate_day(shop, options, day, visits_a_day * kWeekdays[weekday], seen,
                 trial ? &*trial : nullptr, day_events);
    write_day(shop, options, day_events, counts, events);
    if (exposures) {
      counts.exposures += day_events.exposures.size();
      write_exposures(day_events.exposures, *exposures);
    }
    if (options.progress) options.progress(static_cast<std::uint64_t>(number) + 1);
  }
  counts.shoppers_seen = static_cast<std::uint64_t>(std::count(seen.begin(), seen.end(), true));
  if (trial) counts.trial = trial->truth();
  write_settings(options, counts, settings);
  items.finish();
  events.finish();
  settings.finish();
  if (exposures) exposures->finish();
  items.commit();
  events.commit();
  settings.commit();
  if (exposures) exposures->commit();
  return counts;
}

}  // namespace vitrine::simulate
