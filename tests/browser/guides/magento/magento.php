<?php
// As much of Magento as the template calls: prints a page. usage: php magento.php TEMPLATE NONCE
$block = new class {
    function getViewFileUrl($file) { return '/static/' . explode('::js/', $file)[1]; }
};
$escaper = new class {
    function escapeUrl($url) { return htmlspecialchars($url, ENT_QUOTES); }
};
$secureRenderer = new class ($argv[2]) {
    function __construct(private $nonce) {}
    function renderTag($name, $attributes, $content, $isText) {
        return "<$name nonce=\"$this->nonce\">$content</$name>";
    }
};
echo '<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">';
require $argv[1];
