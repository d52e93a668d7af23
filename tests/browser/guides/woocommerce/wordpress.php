<?php
// As much of WordPress as the plugin calls: prints the page of one product. usage: php wordpress.php PLUGIN
const ABSPATH = __DIR__;
$actions = $shortcodes = $scripts = [];

function add_action($name, $work) { $GLOBALS['actions'][$name][] = $work; }
function add_shortcode($name, $work) { $GLOBALS['shortcodes'][$name] = $work; }
function content_url($path) { return "/$path"; }
function plugins_url($path, $plugin) { return "/plugin/$path"; }
function wp_json_encode($value) { return json_encode($value); }
function is_product() { return true; }
function get_the_ID() { return 31; }
function esc_attr($text) { return htmlspecialchars($text, ENT_QUOTES); }
function shortcode_atts($defaults, $given) { return array_merge($defaults, $given); }
function wp_enqueue_script($name, $url, $needs, $version, $how) {
    $GLOBALS['scripts'][$name] = "<script {$how['strategy']} src=\"$url?ver=$version\"></script>";
}
function wp_add_inline_script($name, $text, $where) {
    if ($where !== 'before') throw new Exception('a script after this one would keep it from being async');
    $GLOBALS['scripts'][$name] = "<script>$text</script>{$GLOBALS['scripts'][$name]}";
}
function wp_enqueue_script_module($name, $url, $needs, $version) {
    $GLOBALS['scripts'][$name] = "<script type=\"module\" src=\"$url\"></script>";
}

require $argv[1];
foreach ($actions['wp_enqueue_scripts'] as $work) $work();
echo '<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,">';
echo '<script src="/jquery.js"></script>', implode('', $scripts), '</head><body>';
echo $shortcodes['vitrine'](['slot' => 'product', 'limit' => '2']);
echo '<button data-product_id="33">Add to cart</button></body></html>';
