//! The command line as clap reads it, with its help in Vietnamese.
//!
//! Enters: arguments. Leaves: one struct a subcommand. The one idea: every option is declared here
//! and nowhere else; what it does is the matter of the subcommand's own file.

use std::path::PathBuf;

use chitieu::Verdict;
use chitieu::diagnostic::{Lang, render};
use clap::{Args, Parser, Subcommand, ValueEnum};

const HELP: &str = "\
{about-with-newline}
Cách dùng: {usage}

{all-args}{after-help}";

const EXIT: &str = "\
Mã thoát:
  0  xong
  1  xong, và có kết quả nằm trong --fail-on, hoặc `check` thấy lỗi
  2  sai cách dùng, không đọc được luật hoặc số liệu (không ghi kết quả)";

const EVAL: &str = "\
Ví dụ:
  chitieu eval ke-hoach.chitieu --data so-lieu.json
  chitieu eval rules/ --data so-lieu/ --as-of 31/12/2023 -o ket-qua.csv
  chitieu eval rules/ --data xa.csv --entities don-vi.csv --as-of 2023 --layout wide -o bang.csv
  cat so-lieu.ndjson | chitieu eval rules/ --data - --only not_met,no_data
  chitieu eval rules/ --data so-lieu/ --summary --rejects bi-loai.ndjson
  chitieu eval rules/ --data quy-2.csv --against ket-qua-quy-1.ndjson -o ket-qua-quy-2.ndjson
  chitieu eval rules/ --data 'so-lieu/2023-*.ndjson' --complete-records --checkpoint tam -o k.csv

Bảng CSV: cột entity (đơn vị), as_of (ngày), rồi mỗi chỉ số một cột; hoặc mỗi số liệu một hàng với
các cột indicator (chỉ số), value (giá trị), numerator (tử số), denominator (mẫu số), reported (số
báo cáo), unit (đơn vị tính), source (nguồn). Các cột name (tên), parent (thuộc), cấp, vùng nói về
đơn vị. Ô như `1.234` có hai cách đọc nên cần --number-format.

Bộ nhớ: bản ghi cùng đơn vị và cùng ngày là một bộ số liệu, nên số liệu mà chỉ tiêu hỏi được giữ
đến khi xong, khoảng 20 byte một số liệu, 130 một bản ghi, 150 một đơn vị. Với --summary và --layout
wide, nếu mỗi chỉ tiêu chỉ cần số liệu của chính bộ đó và mỗi bộ là một bản ghi, thì chỉ giữ khoảng
9 byte một bộ, không tính kết quả. Với --complete-records, nếu không chỉ tiêu nào hỏi ngày khác hay
đơn vị khác, thì không giữ gì: bộ nhớ không tăng theo số liệu. Một bản ghi dài nhất 64 MiB.

Bản ghi bị loại: nếu không có --rejects hoặc --max-rejects thì chỉ một bản ghi bị loại cũng dừng
với mã 2 và không ghi kết quả. Số đã đọc luôn bằng số đánh giá cộng số bị loại.

Chạy tiếp: với --checkpoint, kết quả ghi dần vào một thư mục; bị ngắt thì gõ lại đúng lệnh cũ, kết
quả giống từng byte với lần chạy không bị ngắt. Luật, số liệu hoặc tùy chọn đổi thì báo lỗi.

Thứ tự: các tham số như đã gõ; thư mục và mẫu tên (*, ?, [a-z], ** qua nhiều cấp) xếp theo tên.

Mã thoát:
  0  xong
  1  xong, và có kết quả nằm trong --fail-on
  2  sai cách dùng, không đọc được luật hoặc số liệu (không ghi kết quả)
  130, 143  bị dừng bằng Ctrl-C hoặc SIGTERM (không ghi kết quả)";

const CHECK: &str = "\
Ví dụ:
  chitieu check ke-hoach.chitieu
  chitieu check rules/ --format json --deny-warnings
  chitieu check rules/ --fix
  chitieu check --explain E0301

Mã thoát:
  0  không có lỗi
  1  có lỗi, hoặc có cảnh báo với --deny-warnings
  2  sai cách dùng, không đọc được tệp luật";

const FMT: &str = "\
Ví dụ:
  chitieu fmt ke-hoach.chitieu
  chitieu fmt rules/ --check
  chitieu fmt - < cu.chitieu > moi.chitieu

Tên và văn bản tự do giữ nguyên chữ; chỉ từ khóa, dấu, khoảng trắng và cách xuống dòng được viết
lại. Tệp có lỗi cú pháp được giữ nguyên.

Mã thoát:
  0  xong
  1  có tệp sai cú pháp; với --check: có tệp chưa theo dạng chuẩn
  2  sai cách dùng, không đọc hoặc không ghi được tệp luật";

const TEST: &str = "\
Ví dụ:
  chitieu test ke-hoach.chitieu
  chitieu test rules/ --coverage
  chitieu test ke-hoach.chitieu --boundaries >> ke-hoach.chitieu

Mã thoát:
  0  mọi phép thử đúng
  1  có phép thử sai
  2  sai cách dùng, không đọc được luật";

const EXPLAIN: &str = "\
Ví dụ:
  chitieu explain rules/ --data so-lieu.json --target CQS-03 --entity br-vt
  chitieu explain rules/ --data so-lieu/ --target \"tỷ lệ hồ sơ đúng hạn\" --as-of 31/12/2023";

const AUDIT: &str = "\
Ví dụ:
  chitieu audit rules/ --data so-lieu.json
  chitieu audit rules/ --data so-lieu/ --format json

Mã thoát:
  0  số liệu không có gì mâu thuẫn
  1  có chỗ không khớp
  2  sai cách dùng, không đọc được luật hoặc số liệu";

const DIFF: &str = "\
Ví dụ:
  chitieu diff ket-qua-6-thang.ndjson ket-qua-nam.ndjson
  chitieu diff cu.csv moi.json --format json";

const TEMPLATE: &str = "\
Ví dụ:
  chitieu template rules/ -o nhap-so-lieu.csv
  chitieu template rules/ -o nhap-so-lieu.json";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "chitieu",
    version,
    about = "Đối chiếu số liệu với chỉ tiêu, chính xác từng chữ số",
    help_template = HELP,
    after_help = EXIT,
    subcommand_help_heading = "Lệnh",
    subcommand_value_name = "LỆNH",
    subcommand_required = true,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// In hướng dẫn
    #[arg(short, long, global = true, action = clap::ArgAction::Help, help_heading = "Tùy chọn")]
    #[arg(display_order = 100)]
    help: Option<bool>,
    /// In số phiên bản
    #[arg(short = 'V', long, action = clap::ArgAction::Version, help_heading = "Tùy chọn")]
    version: Option<bool>,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Kết luận từng chỉ tiêu cho từng đơn vị
    #[command(help_template = HELP, after_help = EVAL)]
    #[command(override_usage = "chitieu eval LUẬT… --data TỆP… [TÙY CHỌN]")]
    Eval(Eval),
    /// Kiểm tra tệp luật, báo mọi lỗi trong một lần
    #[command(help_template = HELP, after_help = CHECK)]
    #[command(override_usage = "chitieu check LUẬT… [TÙY CHỌN]")]
    Check(Check),
    /// Trình bày lại tệp luật theo dạng chuẩn, giữ nguyên nghĩa
    #[command(help_template = HELP, after_help = FMT)]
    #[command(override_usage = "chitieu fmt LUẬT… [TÙY CHỌN]")]
    Fmt(Fmt),
    /// Chạy các phép thử ghi trong tệp luật
    #[command(help_template = HELP, after_help = TEST)]
    #[command(override_usage = "chitieu test LUẬT… [TÙY CHỌN]")]
    Test(Test),
    /// Giải thích một kết luận, từng bước và kèm nguồn
    #[command(help_template = HELP, after_help = EXPLAIN)]
    #[command(override_usage = "chitieu explain LUẬT… --data TỆP… --target MÃ [TÙY CHỌN]")]
    Explain(Explain),
    /// Soát số liệu: phép kiểm tra của luật, tỷ lệ không khớp phân số của nó
    #[command(help_template = HELP, after_help = AUDIT)]
    #[command(override_usage = "chitieu audit LUẬT… --data TỆP… [TÙY CHỌN]")]
    Audit(Audit),
    /// So sánh hai tệp kết luận: cái gì đổi, vì sao
    #[command(help_template = HELP, after_help = DIFF)]
    #[command(override_usage = "chitieu diff CŨ MỚI [TÙY CHỌN]")]
    Diff(Diff),
    /// Viết một tệp luật đầu tiên, có chú thích
    #[command(help_template = HELP)]
    #[command(override_usage = "chitieu new TỆP [TÙY CHỌN]")]
    New(New),
    /// Viết biểu nhập số liệu với đúng các chỉ số cần cho luật
    #[command(help_template = HELP, after_help = TEMPLATE)]
    #[command(override_usage = "chitieu template LUẬT… -o TỆP [TÙY CHỌN]")]
    Template(Template),
}

/// `chitieu eval`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tùy chọn")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option that a person sets")]
pub(crate) struct Eval {
    #[command(flatten)]
    pub(crate) rules: RuleFiles,
    #[command(flatten)]
    pub(crate) data: DataFiles,
    /// Đánh giá mỗi đơn vị một lần tại ngày này: 30/06/2023, 2023-06-30, "năm 2023"
    #[arg(long, value_name = "NGÀY")]
    pub(crate) as_of: Option<String>,
    /// Luật như vào ngày này: bỏ những chỉ tiêu có hiệu lực từ sau đó
    #[arg(long, value_name = "NGÀY")]
    pub(crate) rules_as_of: Option<String>,
    /// Dạng kết quả; mặc định là table trên màn hình, ndjson ở nơi khác
    #[arg(long, value_name = "DẠNG", value_enum, hide_possible_values = true)]
    pub(crate) format: Option<Format>,
    /// Ghi kết quả vào tệp; dạng lấy theo đuôi tệp
    #[arg(short, long, value_name = "TỆP")]
    pub(crate) output: Option<PathBuf>,
    /// long: một dòng một kết quả; wide: một dòng một đơn vị và ngày, mỗi chỉ tiêu một cột
    #[arg(long, value_name = "KIỂU", value_enum, hide_possible_values = true)]
    pub(crate) layout: Option<Layout>,
    /// Chỉ đếm kết quả theo chỉ tiêu, kèm biên nhận
    #[arg(long)]
    pub(crate) summary: bool,
    /// Ghi tổng điểm, điểm từng nhóm và thứ hạng thay cho từng kết luận
    #[arg(long)]
    pub(crate) scores: bool,
    /// Chỉ ghi những kết luận này: exceeded, met, `not_met`, `not_due`, `no_data`, undetermined,
    /// `not_applicable`, contradictory
    #[arg(long, value_name = "KẾT LUẬN", value_delimiter = ',', value_parser = verdict)]
    pub(crate) only: Vec<Verdict>,
    /// Chỉ ghi những trường này, theo thứ tự này
    #[arg(long, value_name = "TRƯỜNG", value_delimiter = ',')]
    pub(crate) fields: Vec<String>,
    /// Thêm phân số chính xác: `measured_exact`, `margin_exact`, `attainment_exact`
    #[arg(long)]
    pub(crate) exact: bool,
    /// Đánh giá bằng bộ đối chứng (chậm, viết để đọc)
    #[arg(long)]
    pub(crate) reference: bool,
    /// So kết luận mới với tệp kết luận cũ (ndjson, json, csv): cái gì đổi, vì sao; với table thì
    /// ghi dưới bảng, với dạng khác thì ra đầu ra lỗi chuẩn
    #[arg(long, value_name = "TỆP")]
    pub(crate) against: Option<PathBuf>,
    /// Mỗi bản ghi là cả bộ số liệu của một đơn vị và ngày (bảng dọc: các hàng của nó đứng liền
    /// nhau): đánh giá ngay khi đọc, không giữ số liệu trong bộ nhớ
    #[arg(long)]
    pub(crate) complete_records: bool,
    /// Dừng nếu số liệu phải giữ cần hơn chừng này bộ nhớ: 512M, 2G (khoảng 20 byte một số liệu mà
    /// chỉ tiêu hỏi, 130 một bản ghi, 150 một đơn vị)
    #[arg(long, value_name = "CỠ", value_parser = bytes)]
    pub(crate) max_memory: Option<u64>,
    /// Ghi dần kết quả vào thư mục này (trống hoặc chưa có): bị ngắt giữa chừng thì gõ lại lệnh cũ
    /// để chạy tiếp từ chỗ dừng; cần --complete-records
    #[arg(long, value_name = "THƯ MỤC")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Báo tiến độ ra đầu ra lỗi chuẩn: auto (chỉ trên màn hình), always hoặc never
    #[arg(long, value_name = "KHI", value_enum, default_value_t = When::Auto)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) progress: When,
    /// Số luồng; kết quả giống nhau từng byte với mọi số luồng
    #[arg(long, value_name = "SỐ", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Thoát với mã 1 nếu có một trong các kết luận này
    #[arg(long, value_name = "KẾT LUẬN", value_delimiter = ',', value_parser = verdict)]
    pub(crate) fail_on: Vec<Verdict>,
    /// Ghi bản ghi bị loại vào tệp này (NDJSON) rồi đánh giá phần còn lại
    #[arg(long, value_name = "TỆP")]
    pub(crate) rejects: Option<PathBuf>,
    /// Dừng với mã 2 nếu có quá số bản ghi bị loại này
    #[arg(long, value_name = "SỐ")]
    pub(crate) max_rejects: Option<u64>,
    /// Biên nhận: full (kèm SHA-256 của từng tệp số liệu) hoặc short
    #[arg(long, value_name = "KIỂU", value_enum, hide_possible_values = true)]
    pub(crate) receipt: Option<ReceiptKind>,
    #[command(flatten)]
    pub(crate) words: Words,
}

/// `chitieu check`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tùy chọn")]
pub(crate) struct Check {
    /// Tệp luật, thư mục (mọi tệp *.chitieu bên trong) hoặc - (đầu vào chuẩn)
    #[arg(value_name = "LUẬT", required_unless_present = "explain", help_heading = "Tham số")]
    pub(crate) rules: Vec<PathBuf>,
    /// Sửa những lỗi chỉ có một cách sửa giữ nguyên nghĩa, rồi kiểm tra lại
    #[arg(long)]
    pub(crate) fix: bool,
    /// In tài liệu của một mã lỗi, chẳng hạn E0301
    #[arg(long, value_name = "MÃ")]
    pub(crate) explain: Option<String>,
    /// Dạng thông báo: human, short hoặc json
    #[arg(long, value_name = "DẠNG", value_enum, hide_possible_values = true)]
    pub(crate) format: Option<Findings>,
    /// Thư mục gốc mà `dùng:` không được ra khỏi
    #[arg(long, value_name = "THƯ MỤC")]
    pub(crate) root: Option<PathBuf>,
    /// Coi cảnh báo là lỗi (mã thoát 1)
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    #[command(flatten)]
    pub(crate) words: Words,
}

/// `chitieu fmt`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tùy chọn")]
pub(crate) struct Fmt {
    /// Tệp luật, thư mục (mọi tệp *.chitieu bên trong) hoặc - (đầu vào chuẩn, in ra đầu ra chuẩn)
    #[arg(value_name = "LUẬT", required = true, help_heading = "Tham số")]
    pub(crate) rules: Vec<PathBuf>,
    /// Chỉ báo tệp nào chưa theo dạng chuẩn, không ghi gì
    #[arg(long)]
    pub(crate) check: bool,
    /// Dạng thông báo của --check: human, short hoặc json
    #[arg(long, value_name = "DẠNG", value_enum, hide_possible_values = true)]
    pub(crate) format: Option<Findings>,
    #[command(flatten)]
    pub(crate) words: Words,
}

/// `chitieu test`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tùy chọn")]
pub(crate) struct Test {
    #[command(flatten)]
    pub(crate) rules: RuleFiles,
    /// Viết các phép thử nên có của từng chỉ tiêu: quanh ngưỡng, thiếu số liệu, quanh hạn
    #[arg(long, conflicts_with_all = ["coverage", "format"])]
    pub(crate) boundaries: bool,
    /// Kể những chỉ tiêu chưa có phép thử đạt, chưa đạt hoặc chưa kết luận được
    #[arg(long)]
    pub(crate) coverage: bool,
    /// Dạng thông báo: human, short hoặc json
    #[arg(long, value_name = "DẠNG", value_enum, hide_possible_values = true)]
    pub(crate) format: Option<Findings>,
    #[command(flatten)]
    pub(crate) words: Words,
}

/// `chitieu explain`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tùy chọn")]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) rules: RuleFiles,
    #[command(flatten)]
    pub(crate) data: DataFiles,
    /// Mã hoặc tên của chỉ tiêu
    #[arg(long, value_name = "MÃ", required = true)]
    pub(crate) target: String,
    /// Mã hoặc tên của đơn vị; không cần nếu số liệu chỉ có một
    #[arg(long, value_name = "ĐƠN VỊ")]
    pub(crate) entity: Option<String>,
    /// Đánh giá tại ngày này: 30/06/2023, 2023-06-30, "năm 2023"
    #[arg(long, value_name = "NGÀY")]
    pub(crate) as_of: Option<String>,
    /// Luật như vào ngày này: bỏ những chỉ tiêu có hiệu lực từ sau đó
    #[arg(long, value_name = "NGÀY")]
    pub(crate) rules_as_of: Option<String>,
    /// Dạng kết quả: human hoặc json
    #[arg(long, value_name = "DẠNG", value_enum, hide_possible_values = true)]
    pub(crate) format: Option<Listing>,
    #[command(flatten)]
    pub(crate) words: Words,
}

/// `chitieu audit`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tùy chọn")]
pub(crate) struct Audit {
    #[command(flatten)]
    pub(crate) rules: RuleFiles,
    #[command(flatten)]
    pub(crate) data: DataFiles,
    /// Ngày của những bản ghi không ghi ngày
    #[arg(long, value_name = "NGÀY")]
    pub(crate) as_of: Option<String>,
    /// Dạng thông báo: human, short hoặc json
    #[arg(long, value_name = "DẠNG", value_enum, hide_possible_values = true)]
    pub(crate) format: Option<Findings>,
    #[command(flatten)]
    pub(crate) words: Words,
}

/// `chitieu diff`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tùy chọn")]
pub(crate) struct Diff {
    /// Tệp kết luận cũ: ndjson, json hoặc csv do `eval` ghi
    #[arg(value_name = "CŨ", help_heading = "Tham số")]
    pub(crate) old: PathBuf,
    /// Tệp kết luận mới
    #[arg(value_name = "MỚI", help_heading = "Tham số")]
    pub(crate) new: PathBuf,
    /// Dạng kết quả: human hoặc json
    #[arg(long, value_name = "DẠNG", value_enum, hide_possible_values = true)]
    pub(crate) format: Option<Listing>,
    #[command(flatten)]
    pub(crate) words: Words,
}

/// `chitieu new`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tùy chọn")]
pub(crate) struct New {
    /// Tệp luật sẽ viết; tệp đã có thì để nguyên
    #[arg(value_name = "TỆP", help_heading = "Tham số")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) words: Words,
}

/// `chitieu template`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tùy chọn")]
pub(crate) struct Template {
    #[command(flatten)]
    pub(crate) rules: RuleFiles,
    /// Tệp sẽ viết: .csv hoặc .json
    #[arg(short, long, value_name = "TỆP", required = true)]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) words: Words,
}

/// Where rules come from.
#[derive(Debug, Args)]
pub(crate) struct RuleFiles {
    /// Tệp luật, thư mục (mọi tệp *.chitieu bên trong) hoặc - (đầu vào chuẩn)
    #[arg(id = "rules", value_name = "LUẬT", required = true, help_heading = "Tham số")]
    pub(crate) paths: Vec<PathBuf>,
    /// Thư mục gốc mà `dùng:` không được ra khỏi
    #[arg(long, value_name = "THƯ MỤC")]
    pub(crate) root: Option<PathBuf>,
}

/// Where data come from and how they are read.
#[derive(Debug, Args)]
pub(crate) struct DataFiles {
    /// Tệp số liệu JSON, NDJSON, CSV, Parquet, Arrow (cả nén gzip, zstd), thư mục, hoặc -
    /// (đầu vào chuẩn)
    #[arg(id = "data", long = "data", value_name = "TỆP", required = true, num_args = 1..)]
    pub(crate) paths: Vec<PathBuf>,
    /// Bảng đơn vị (CSV, JSON): entity, name, parent, cấp, vùng…; kể cả đơn vị không gửi số liệu
    #[arg(long, value_name = "TỆP")]
    pub(crate) entities: Option<PathBuf>,
    /// Dạng số liệu: json, ndjson, csv, parquet, arrow; mặc định theo đuôi tệp, rồi theo nội dung
    #[arg(long, value_name = "DẠNG", value_enum, hide_possible_values = true)]
    pub(crate) input_format: Option<InputFormat>,
    /// Cách viết số trong ô của bảng: vi (1.234,5) hoặc en (1,234.5)
    #[arg(long, value_name = "vi|en", value_enum, hide_possible_values = true)]
    pub(crate) number_format: Option<NumberFormat>,
}

/// How the program speaks.
#[derive(Debug, Args)]
pub(crate) struct Words {
    /// Ngôn ngữ của thông báo: vi hoặc en; mặc định theo luật
    #[arg(long, value_name = "vi|en")]
    pub(crate) lang: Option<Lang>,
    /// Màu: auto, always hoặc never (cũng theo biến `NO_COLOR`)
    #[arg(long, value_name = "KHI", value_enum, default_value_t = When::Auto)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) color: When,
}

/// A form of results; those behind `Csv` are known but not written by this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Ndjson,
    Json,
    Csv,
    Parquet,
    Arrow,
    Xlsx,
    Html,
    Junit,
}

/// A form of data; `Xlsx` is known but not read by this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    Json,
    Ndjson,
    Csv,
    Xlsx,
    Parquet,
    Arrow,
}

/// How numbers in the cells of tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NumberFormat {
    Vi,
    En,
}

/// What a row of results is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layout {
    Long,
    Wide,
}

/// A form of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Findings {
    Human,
    Short,
    Json,
}

impl From<Findings> for render::Format {
    fn from(findings: Findings) -> Self {
        match findings {
            Findings::Human => Self::Human,
            Findings::Short => Self::Short,
            Findings::Json => Self::Json,
        }
    }
}

/// A form of what is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    Human,
    Json,
}

/// How much a receipt holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReceiptKind {
    Full,
    Short,
}

/// When something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

/// A number of bytes, perhaps in KiB, MiB or GiB.
fn bytes(written: &str) -> Result<u64, String> {
    let power = match written.bytes().last() {
        Some(b'k' | b'K') => 10,
        Some(b'm' | b'M') => 20,
        Some(b'g' | b'G') => 30,
        _ => 0,
    };
    let digits = written.trim_end_matches(|unit: char| power > 0 && unit.is_ascii_alphabetic());
    let most = digits.parse().ok().and_then(|number: u64| number.checked_mul(1 << power));
    most.ok_or_else(|| "512M, 2G, …".to_owned())
}

fn verdict(code: &str) -> Result<Verdict, String> {
    Verdict::from_code(code.trim()).ok_or_else(|| "exceeded, met, not_met, …".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
