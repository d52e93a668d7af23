// The queue for pages whose policy allows no inline script: <script src="queue.js"></script> before the script tag.
(globalThis as { vitrine?: unknown }).vitrine ||= [];
