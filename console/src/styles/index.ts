import './colors.css';
import './base.css';
import './shell.css';
import './kit.css';
import './table.css';
import './charts.css';
